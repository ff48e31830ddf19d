import { Agent, get } from 'node:http';
import { expect, test } from '@jest/globals';
import { isParleyError } from '@parley/contracts';
import { gate } from '@parley/testkit';
import express from 'express';
import { listen } from '../src/index.ts';
import { listening, served } from './served.ts';

test('/livez is about this process only; /readyz is 503 while a check fails and says which with ?verbose.', async () => {
  let isAway = true;
  const { url } = await served(() => {}, {
    ready: {
      database: async () => {
        if (isAway) throw new Error('no answer');
        return 'answers';
      },
      model: async () => 'rehearsal',
    },
  });
  const ask = async (path: string) => {
    const response = await fetch(url + path);
    return [response.status, await response.text()];
  };
  expect(await ask('/livez')).toEqual([200, 'ok\n']);
  expect(await ask('/readyz')).toEqual([503, 'not ready\n']);
  expect(await ask('/readyz?verbose')).toEqual([503, '[-] database: no answer\n[+] model: rehearsal\nnot ready\n']);
  isAway = false;
  expect(await ask('/readyz')).toEqual([200, 'ready\n']);
  expect(await ask('/readyz?verbose')).toEqual([200, '[+] database: answers\n[+] model: rehearsal\nready\n']);
});

test('What somebody should look at is marked in /readyz?verbose, and does not make it less ready.', async () => {
  const { url } = await served(() => {}, { ready: { model: async () => ({ warning: 'not there: run this' }) } });
  const response = await fetch(`${url}/readyz?verbose`);
  expect([response.status, await response.text()]).toEqual([200, '[!] model: not there: run this\nready\n']);
});

test('Answers do not say what they are made with, and are not to be guessed at.', async () => {
  const { url } = await served(() => {});
  const { headers } = await fetch(`${url}/livez`);
  expect([headers.get('x-powered-by'), headers.get('x-content-type-options')]).toEqual([null, 'nosniff']);
});

test('A port that is taken is told in a sentence with the remedy.', async () => {
  const { port } = await listening(express());
  const thrown = await listen(express(), port, '127.0.0.1').catch((one: unknown) => one);
  expect(isParleyError(thrown) && [thrown.code, thrown.message]).toEqual([
    'PORT_IN_USE',
    `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or set PORT to a free one.`,
  ]);
});

test('Closing lets a running request end, refuses new ones, and waits for no idle connection.', async () => {
  const reached = gate();
  const held = gate();
  const { url, close } = await served((router) =>
    router.get('/slow', async (_request, response) => {
      reached.open();
      await held.passed;
      response.json({ done: true });
    }),
  );
  // A client that keeps its connection after the answer, as proxies do.
  const agent = new Agent({ keepAlive: true });
  const answer = new Promise<number | undefined>((resolve, reject) => {
    get(`${url}/slow`, { agent }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
  await reached.passed;
  const begun = performance.now();
  const closed = close(20_000);
  await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed');
  held.open();
  expect(await answer).toBe(200);
  await closed;
  expect(performance.now() - begun).toBeLessThan(4_000);
  agent.destroy();
});

test('Who leaves still answers, on connections that end with the answer.', async () => {
  const { url, leave } = await served(() => {});
  const ask = async () => {
    const response = await fetch(`${url}/livez`);
    return [await response.text(), response.headers.get('connection')];
  };
  expect(await ask()).toEqual(['ok\n', 'keep-alive']);
  leave();
  expect(await ask()).toEqual(['ok\n', 'close']);
  expect(await ask()).toEqual(['ok\n', 'close']);
});

test('Closing cuts what outlives the grace.', async () => {
  const reached = gate();
  const { url, close } = await served((router) => router.get('/never', () => reached.open()));
  const answer = fetch(`${url}/never`).catch((thrown: unknown) => thrown);
  await reached.passed;
  await close(10);
  expect(String(await answer)).toMatch(/^TypeError/);
});
