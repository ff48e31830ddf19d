import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { gate } from '@parley/testkit';
import { createParley, replayKind } from '../src/index.ts';

const id = '0197c8a0-0000-7000-8000-000000000001';
let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  json(status, { status, code, detail: `It is ${code}.`, errors: [] }, headers);
const cut: Answer = (request) => void request.socket.destroy();

/** A server that answers its requests with these, one after the other, and then with the last. */
async function serve(...answers: Answer[]) {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer;
    requests.push(request);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests, parley: createParley({ url, token: 'secret' }) };
}

test('A command is sent again under the same key, over cuts, 503 and 429, until it is taken.', async () => {
  const later = { 'retry-after': '0' };
  const { parley, requests } = await serve(
    cut,
    problem(503, 'DATABASE_UNAVAILABLE', later),
    problem(429, 'TOKEN_QUOTA', later),
    problem(409, 'IDEMPOTENCY_KEY_IN_FLIGHT'),
    json(202, { id }),
  );
  await expect(parley.debates.start({ topic: 'Tea' })).resolves.toEqual({ id });
  const keys = requests.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(5);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(requests[4]?.headers.authorization).toBe('Bearer secret');
  await parley.debates.start({ topic: 'Tea' });
  expect(requests[5]?.headers['idempotency-key']).not.toBe(keys[0]);
});

test('What is not going to pass is thrown at once, with the code, the sentence and the problem.', async () => {
  const { parley, requests } = await serve(problem(400, 'BAD_REQUEST'));
  await expect(parley.debates.start({ topic: '' })).rejects.toMatchObject({
    name: 'ParleyError',
    code: 'BAD_REQUEST',
    message: 'It is BAD_REQUEST.',
    retryable: false,
    cause: { status: 400, errors: [] },
  });
  expect(requests).toHaveLength(1);
});

test('A wait until tomorrow is for the caller.', async () => {
  const { parley, requests } = await serve(problem(429, 'TOKEN_QUOTA', { 'retry-after': '40000' }));
  await expect(parley.debates.start({ topic: 'Tea' })).rejects.toMatchObject({ retryAfterMs: 40_000_000 });
  expect(requests).toHaveLength(1);
});

test('The last fault is thrown when the attempts are used up.', async () => {
  const { url, requests } = await serve(problem(503, 'BUS_UNAVAILABLE', { 'retry-after': '0' }));
  await expect(createParley({ url, attempts: 3 }).usage()).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  expect(requests).toHaveLength(3);
  server?.close();
});

test('A signal ends a call that waits to be made again.', async () => {
  const asked = gate();
  const { parley } = await serve((request, response) => {
    problem(503, 'BUS_UNAVAILABLE', { 'retry-after': '50' })(request, response);
    asked.open();
  });
  const leaving = new AbortController();
  const call = parley.debates.list({ limit: 5 }, { signal: leaving.signal });
  await asked.passed;
  leaving.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
});

test('Queries and ids go into the address escaped.', async () => {
  const { parley, requests } = await serve(json(200, {}));
  await parley.usage({ from: '2026-01-01', groupBy: 'model' });
  await parley.debates.get('a/b?c');
  expect(requests.map((request) => request.url)).toEqual([
    '/v1/usage?from=2026-01-01&groupBy=model',
    '/v1/debates/a%2Fb%3Fc',
  ]);
});

const sent = (seq: number, type = 'turn-recorded.v1') =>
  `id: ${seq}\nevent: ${type}\ndata: {"seq":${seq},"type":"${type}"}\n\n`;
const stream =
  (...parts: string[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of parts) response.write(part);
    response.end();
  };

test('Whoever follows gets each number once and in order, whatever tears.', async () => {
  const { parley, requests } = await serve(
    stream(sent(1), sent(2), 'id: 3\nevent: turn-rec'),
    stream(sent(2), sent(3), sent(5)),
    problem(503, 'DATABASE_UNAVAILABLE', { 'retry-after': '0' }),
    stream(': heartbeat\n\n', sent(4), 'event: delta\ndata: {"text":"T"}\n\n'),
    stream(sent(5), sent(6, 'debate-closed.v1')),
  );
  const seen: unknown[] = [];
  const states: string[] = [];
  for await (const event of parley.debates.follow(id, { onState: (state) => states.push(state) }))
    seen.push(event.type === 'delta' ? 'delta' : event.seq);
  expect(states).toEqual(['live', 'lost', 'live', 'lost', 'lost', 'live', 'lost', 'live', 'over']);
  expect(seen).toEqual([1, 2, 3, 4, 'delta', 5, 6]);
  expect(requests.map(({ url }) => url?.split('after=')[1])).toEqual(['0', '2', '3', '3', '4']);
});

test('A stream of any kind is followed by its path, until its own last fact.', async () => {
  const { parley, requests } = await serve(stream(sent(1), sent(2, 'replay-failed.v1')));
  const seqs: unknown[] = [];
  for await (const event of parley.streams.follow(replayKind, id)) seqs.push('seq' in event && event.seq);
  expect([seqs, requests[0]?.url]).toEqual([[1, 2], `/v1/replays/${id}/events?after=0`]);
});

test('Who knows the end of a debate is told that nothing follows, and who asks for none that there is none.', async () => {
  const { parley } = await serve((_request, response) => response.writeHead(204).end(), problem(404, 'NOT_FOUND'));
  await expect(parley.debates.follow(id, { after: 9 }).next()).resolves.toMatchObject({ done: true });
  await expect(parley.debates.follow(id).next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

const endless =
  (status: number, piece: Buffer, everyMs: number): Answer =>
  (_request, response) => {
    const write = (): void => {
      if (response.destroyed) return;
      if (response.write(piece)) setTimeout(write, everyMs);
      else response.once('drain', write);
    };
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    write();
  };

test('A refusal whose body never ends is told by its status, and its rest is not read.', async () => {
  for (const answer of [endless(400, Buffer.alloc(64_000, ' '), 0), endless(400, Buffer.from(' '), 20)]) {
    const { parley, url } = await serve(answer);
    await expect(parley.debates.get(id)).rejects.toMatchObject({ message: `${url} answered 400.` });
    server?.closeAllConnections();
    server?.close();
  }
}, 15_000);

test('An answer that never ends, or that is no JSON, is a fault of what answers there.', async () => {
  const { parley } = await serve(endless(200, Buffer.alloc(1_000_000, ' '), 0), (_, response) =>
    response.end('<html>'),
  );
  for (const why of [/longer than 64000000 bytes/, /cannot be read/]) {
    const failure = parley.debates.get(id);
    await expect(failure).rejects.toMatchObject({ code: 'GATEWAY_UNREACHABLE', retryable: false });
    await expect(failure).rejects.toThrow(why);
  }
}, 15_000);

test('A token that no header can carry, or an address that is none, is no fault of a server, and is not shown.', async () => {
  const { url, requests } = await serve(json(200, {}));
  const failure = createParley({ url, token: 'sek\nret' }).debates.get(id);
  await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID', retryable: false });
  await expect(failure).rejects.not.toThrow(/sek/);
  await expect(createParley({ url: 'nowhere' }).debates.get(id)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect(requests).toHaveLength(0);
});
