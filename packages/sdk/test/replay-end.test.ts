import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '@parley/testkit';
import { createParley } from '../src/index.ts';
import { replayEnd } from '../src/replay-end.ts';
import { createAsk } from '../src/request.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
});

const sent = (seq: number, type: string) =>
  `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, type, at: '', data: {} })}\n\n`;
const started = sent(1, 'replay-started.v1');
const waiting = sent(2, 'replay-waiting.v1');
const finished = sent(3, 'replay-finished.v1');

/** The events of one connection, which is then cut or stays open; or the status of a refusal. */
type Connection = { readonly events: string; readonly staysOpen?: boolean } | number;

/** A gateway with one replay: the statuses of its view and its connections, one after the other, the last for ever. */
async function serve(statuses: readonly string[], connections: readonly Connection[]) {
  const asked: string[] = [];
  const open = new Set<ServerResponse>();
  const nth = <T>(list: readonly T[], path: string): T =>
    list[Math.min(asked.filter((one) => one.startsWith(path)).length, list.length) - 1] as T;
  server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push(url);
    if (url === '/v1/debates/d/replays/r') {
      response.end(JSON.stringify({ id: 'r', status: nth(statuses, url) }));
      return;
    }
    const connection = nth(connections, '/v1/replays/r/events');
    if (typeof connection === 'number') {
      response.writeHead(connection).end(JSON.stringify({ code: 'FORBIDDEN', detail: 'No.' }));
      return;
    }
    open.add(response.on('close', () => open.delete(response)));
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(connection.events);
    if (connection.staysOpen !== true) response.end();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, open, url, ask: createAsk({ url }), replays: createParley({ url }).replays };
}

const view = '/v1/debates/d/replays/r';
const after = (seq: number) => `/v1/replays/r/events?after=${seq}`;

test('a replay is followed over cut connections until it is finished, and then its view is read', async () => {
  const connections = [{ events: started + waiting }, { events: finished, staysOpen: true }];
  const { replays, asked, open } = await serve(['judging', 'finished'], connections);
  await expect(replays.finished('d', 'r')).resolves.toEqual({ id: 'r', status: 'finished' });
  expect(asked).toEqual([view, after(0), after(2), view]);
  await until('nothing is open', () => open.size === 0);
});

test('a replay that failed is over', async () => {
  const { replays, asked } = await serve(['accepted', 'failed'], [{ events: started + sent(2, 'replay-failed.v1') }]);
  await expect(replays.finished('d', 'r')).resolves.toMatchObject({ status: 'failed' });
  expect(asked).toEqual([view, after(0), view]);
});

test('a replay that is over already is not followed', async () => {
  const { replays, asked } = await serve(['finished'], [403]);
  await expect(replays.finished('d', 'r')).resolves.toMatchObject({ status: 'finished' });
  expect(asked).toEqual([view]);
});

test('a replay that is set aside ends the waiting, although no event says so', async () => {
  const { ask, asked, open } = await serve(['judging', 'judging', 'parked'], [{ events: started, staysOpen: true }]);
  await expect(replayEnd(ask, 'd', 'r', { lookMs: 50 })).resolves.toMatchObject({ status: 'parked' });
  expect(asked).toEqual([view, after(0), view, view]);
  await until('nothing is open', () => open.size === 0);
});

test('a view that is behind the last event is read again after a pause', async () => {
  const statuses = ['judging', 'judging', 'finished'];
  const { ask } = await serve(statuses, [{ events: started + waiting + finished }]);
  const begun = Date.now();
  await expect(replayEnd(ask, 'd', 'r', { lookMs: 300 })).resolves.toMatchObject({ status: 'finished' });
  expect(Date.now() - begun).toBeGreaterThanOrEqual(290);
});

test('a refusal of the events is thrown', async () => {
  const { replays } = await serve(['judging'], [403]);
  await expect(replays.finished('d', 'r')).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a signal ends the waiting with its reason, and the connection', async () => {
  const { replays, open } = await serve(['judging'], [{ events: started, staysOpen: true }]);
  const leaving = new AbortController();
  const waited = replays.finished('d', 'r', { signal: leaving.signal });
  await until('it is followed', () => open.size === 1);
  leaving.abort(new Error('enough'));
  await expect(waited).rejects.toThrow('enough');
  await until('nothing is open', () => open.size === 0);
}, 4_000);

test('the events of a replay are followed by its id', async () => {
  const { replays } = await serve(['judging'], [{ events: started + waiting + finished }]);
  const types: string[] = [];
  for await (const event of replays.follow('r')) types.push(event.type);
  expect(types).toEqual(['replay-started.v1', 'replay-waiting.v1', 'replay-finished.v1']);
});
