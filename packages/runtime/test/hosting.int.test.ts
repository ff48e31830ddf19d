import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, migrate, openEmbedded } from '@parley/spine';
import { Router } from 'express';
import { Registry } from 'prom-client';
import { createHosting } from '../src/hosting.ts';
import { silentLogger } from '../src/logger.ts';
import type { HostedService } from '../src/service-module.ts';

const schema = { schema: 'hosted' };
let db: Database;
beforeAll(async () => {
  db = await openEmbedded({});
  await migrate(db, schema);
});
afterAll(() => db.close());

function opened() {
  const said: string[] = [];
  const hosting = createHosting({
    db,
    schemas: [schema.schema],
    services: [{ trustedProxies: ['loopback'], create: () => Promise.reject(new Error('is not asked')) }],
    registry: new Registry(),
    logger: silentLogger,
    ready: { bus: async () => 'heard' },
  });
  const service = (name: string, more: Partial<HostedService> = {}): HostedService => ({
    start: async () => void said.push(`${name} starts`),
    leave: async () => void said.push(`${name} leaves`),
    stop: async (graceMs) => void said.push(`${name} stops within ${graceMs} ms`),
    ...more,
  });
  return { hosting, said, service };
}

async function ask(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

test('a process says what it waits for, then that it serves, then that it drains', async () => {
  const { hosting, service } = opened();
  const port = await hosting.listen(0, '127.0.0.1');
  const ready = async () => (await ask(port, '/readyz?verbose')).text;
  hosting.waitFor('the migration');
  expect(await ready()).toContain('[-] accepting: starting: the migration\n');
  hosting.waitFor(undefined);
  hosting.serve([service('only')]);
  expect(await ready()).toContain('[-] accepting: starting\n');
  await hosting.start();
  hosting.watch('model', async () => ({ warning: 'is not loaded' }));
  expect(await ready()).toMatch(
    /^\[\+\] accepting: yes\n\[\+\] database: .*\n\[\+\] bus: heard\n\[!\] model: is not loaded\nready\n$/,
  );
  await hosting.leave(0);
  expect(await ready()).toContain('[-] accepting: draining\n');
  await hosting.close();
  await hosting.stop();
});

test('clients are asked to come again until there are services, which then answer in turn', async () => {
  const { hosting, service } = opened();
  const port = await hosting.listen(0, '127.0.0.1');
  const early = await ask(port, '/first');
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '2']);
  const answering = (name: string) => Router().get(`/${name}`, (_request, response) => void response.send(name));
  const failing = Router().get('/fault', () => {
    throw new Error('on purpose');
  });
  hosting.serve([
    service('a', { routes: answering('first') }),
    service('b', { routes: answering('second') }),
    service('c', {
      routes: failing,
      faults(thrown, request, response, next) {
        if (request.path === '/fault') response.status(418).send();
        else next(thrown);
      },
    }),
  ]);
  expect((await ask(port, '/first')).text).toBe('first');
  expect((await ask(port, '/second')).text).toBe('second');
  expect((await ask(port, '/fault')).status).toBe(418);
  expect((await ask(port, '/none')).status).toBe(404);
  await hosting.close();
});

test('services start the last one first, and all are told before the server closes and stopped after it', async () => {
  const { hosting, said, service } = opened();
  const port = await hosting.listen(0, '127.0.0.1');
  hosting.serve([service('gateway'), service('agent')]);
  await hosting.start();
  await hosting.leave(0);
  expect(said).toEqual(['agent starts', 'gateway starts', 'gateway leaves', 'agent leaves']);
  await hosting.close();
  await expect(ask(port, '/livez')).rejects.toThrow();
  await hosting.stop();
  expect(said.slice(4)).toEqual(['gateway stops within 3000 ms', 'agent stops within 3000 ms']);
});
