import { afterEach, expect, jest, test } from '@jest/globals';
import type { StreamKind } from '@parley/contracts';
import { ParleyError } from '@parley/contracts/error.ts';
import { type FollowOptions, followStream } from '../src/follow.ts';

afterEach(() => {
  jest.useRealTimers();
});

type Kind = Pick<StreamKind, 'path' | 'last'>;
const debate: Kind = { path: 'debates', last: ['debate-closed.v1'] };
const replay: Kind = { path: 'replays', last: ['replay-finished.v1', 'replay-failed.v1'] };
const endless: Kind = { path: 'watches', last: [] };

const line = (seq: number, type = 'note-added.v1') =>
  `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, type, at: '', data: {} })}\n\n`;
const last = (seq: number) => line(seq, 'debate-closed.v1');
const piece = 'event: delta\ndata: {"text":"T"}\n\n';
const away = new ParleyError('GATEWAY_UNREACHABLE', 'Away.', { retryable: true });

type Answer = string | Error | 204 | Response;

/** Follows over connections that carry these answers before they break. */
async function followed(kind: Kind, answers: readonly Answer[], options: FollowOptions = {}) {
  const asked: string[] = [];
  const events: (number | 'delta')[] = [];
  const states: string[] = [];
  const waits: number[] = [];
  const left = [...answers];
  const open = async (path: string): Promise<Response> => {
    asked.push(path);
    const answer = left.shift();
    if (answer === undefined) throw new ParleyError('INTERNAL', 'No more answers.');
    if (answer instanceof Error) throw answer;
    if (answer instanceof Response) return answer;
    return answer === 204 ? new Response(null, { status: 204 }) : new Response(answer);
  };
  const following = followStream(open, kind, 'a/b', {
    onState: (state) => states.push(state),
    wait: async (ms) => void waits.push(ms),
    ...options,
  });
  const thrown = await (async () => {
    for await (const event of following) events.push(event.type === 'delta' ? 'delta' : event.seq);
  })().catch((reason: unknown) => reason);
  return { asked: asked.map((path) => path.split('after=')[1]), address: asked[0], events, states, waits, thrown };
}

test('a stream that breaks is resumed after the last event, and no event comes twice', async () => {
  expect(await followed(debate, [line(1) + line(2), away, line(2) + piece + line(3) + last(4)])).toEqual({
    asked: ['0', '2', '2'],
    address: '/v1/debates/a%2Fb/events?after=0',
    events: [1, 2, 'delta', 3, 4],
    states: ['live', 'lost', 'lost', 'live', 'over'],
    waits: [200, 400],
    thrown: undefined,
  });
});

test('a gap is not believed: what is missing is asked for again', async () => {
  const { asked, events } = await followed(debate, [line(1) + line(3), line(2) + line(3) + last(4)]);
  expect({ asked, events }).toEqual({ asked: ['0', '1'], events: [1, 2, 3, 4] });
});

test('an event that was cut in the middle is read again whole, and those before it are kept', async () => {
  const cut = await followed(debate, [line(1) + line(2).slice(0, 20), line(2) + last(3)]);
  expect(cut.events).toEqual([1, 2, 3]);
  const spoilt = await followed(debate, [`${line(1)}data: {"seq":\n\n`, last(2)]);
  expect([spoilt.asked, spoilt.events]).toEqual([
    ['0', '1'],
    [1, 2],
  ]);
});

test('the following begins after the event that is known', async () => {
  const { asked, events } = await followed(debate, [line(7) + line(8) + last(9)], { after: 7 });
  expect([asked, events]).toEqual([['7'], [8, 9]]);
});

test('204 says that nothing will follow', async () => {
  expect((await followed(debate, [line(1), 204])).states).toEqual(['live', 'lost', 'over']);
  expect((await followed(endless, [204])).states).toEqual(['over']);
});

test('each kind ends with its own last facts', async () => {
  for (const type of replay.last) {
    const { address, states } = await followed(replay, [line(1) + last(2) + line(3, type)]);
    expect([address, states]).toEqual(['/v1/replays/a%2Fb/events?after=0', ['live', 'over']]);
  }
});

test('a stream without an end is followed until the signal, and then rejects with its reason', async () => {
  const leaving = new AbortController();
  const enough = new Error('enough');
  let waits = 0;
  const wait = async (): Promise<void> => {
    waits += 1;
    if (waits === 2) leaving.abort(enough);
    leaving.signal.throwIfAborted();
  };
  const { events, states, thrown } = await followed(endless, [line(1), last(2)], { signal: leaving.signal, wait });
  expect([events, states, thrown]).toEqual([[1, 2], ['live', 'lost', 'live', 'lost'], enough]);
});

test('a signal ends a connection that is open, and one that was aborted before opens none', async () => {
  const leaving = new AbortController();
  const enough = new Error('enough');
  const open = async (_path: string, { signal }: { signal: AbortSignal }): Promise<Response> => {
    signal.throwIfAborted();
    return new Response(
      new ReadableStream({
        start: (stream) => {
          stream.enqueue(new TextEncoder().encode(line(1)));
          signal.addEventListener('abort', () => stream.error(signal.reason));
        },
      }),
    );
  };
  const following = followStream(open, endless, 'x', { signal: leaving.signal });
  await following.next();
  const next = following.next();
  leaving.abort(enough);
  await expect(next).rejects.toBe(enough);
  await expect(followStream(open, endless, 'x', { signal: leaving.signal }).next()).rejects.toBe(enough);
}, 5_000);

test('a fault that waiting does not mend is thrown and not tried again', async () => {
  const missing = new ParleyError('NOT_FOUND', 'There is none.');
  const own = new Error('403');
  expect(await followed(debate, [missing, last(1)])).toMatchObject({ thrown: missing, states: [], waits: [] });
  expect(await followed(debate, [own, last(1)])).toMatchObject({ thrown: undefined, events: [1] });
  expect(await followed(debate, [own], { isFinal: (thrown) => thrown === own })).toMatchObject({ thrown: own });
});

test('pauses grow up to 5 s, are at least as long as the server asks, and begin anew with each event or heartbeat', async () => {
  const busy = new ParleyError('RATE_LIMITED', 'Later.', { retryable: true, retryAfterMs: 3_000 });
  const { waits } = await followed(debate, [
    away,
    away,
    away,
    away,
    away,
    away,
    '',
    ': beat\n\n',
    busy,
    line(1),
    last(2),
  ]);
  expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000, 200, 3_000, 200]);
  // An event that is known already, or that leaves a gap, is no progress.
  expect((await followed(debate, [line(1), line(1), line(3), last(2)])).waits).toEqual([200, 400, 800]);
});

test('a connection on which heartbeats come stays open', async () => {
  jest.useFakeTimers();
  let opened = 0;
  const open = async (_path: string, { signal }: { signal: AbortSignal }): Promise<Response> => {
    opened += 1;
    const start = (stream: ReadableStreamDefaultController): void =>
      signal.addEventListener('abort', () => stream.error(signal.reason));
    const pull = async (stream: ReadableStreamDefaultController): Promise<void> => {
      await new Promise((beat) => setTimeout(beat, 30_000));
      const isLast = Date.now() - started > 100_000;
      stream.enqueue(new TextEncoder().encode(isLast ? last(1) : ': heartbeat\n\n'));
    };
    return new Response(new ReadableStream({ start, pull }));
  };
  const started = Date.now();
  const states: string[] = [];
  const first = followStream(open, debate, 'x', { onState: (state) => states.push(state) }).next();
  await jest.advanceTimersByTimeAsync(130_000);
  await expect(first).resolves.toMatchObject({ value: { seq: 1 } });
  expect([opened, states]).toEqual([1, ['live']]);
});

test('a connection that is silent for three heartbeats is dropped, also while it is being opened', async () => {
  jest.useFakeTimers();
  const opened: number[] = [];
  const started = Date.now();
  const open = (_path: string, { signal }: { signal: AbortSignal }): Promise<Response> => {
    opened.push(Date.now() - started);
    const fails = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    if (opened.length === 1) return fails;
    if (opened.length === 3) return Promise.resolve(new Response(last(1)));
    const pull = (): Promise<never> => fails;
    return Promise.resolve(new Response(new ReadableStream({ pull })));
  };
  const wait = async (): Promise<void> => {};
  const first = followStream(open, debate, 'x', { wait }).next();
  await jest.advanceTimersByTimeAsync(44_999);
  expect(opened).toEqual([0]);
  await jest.advanceTimersByTimeAsync(45_001);
  await expect(first).resolves.toMatchObject({ value: { seq: 1 } });
  expect(opened).toEqual([0, 45_000, 90_000]);
});
