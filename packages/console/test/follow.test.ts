import { expect, test } from '@jest/globals';
import type { LogEvent } from '../src/debate-log.ts';
import { follow } from '../src/follow.ts';

const line = (seq: number, type = 'note-added.v1') =>
  `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, type, at: '', data: {} })}\n\n`;
const last = (seq: number) => line(seq, 'debate-closed.v1');

/** Each answer is what one connection carries before it breaks. */
async function heard(answers: readonly (string | Error | 204)[], isFinal = (_thrown: unknown) => false) {
  const asked: number[] = [];
  const seqs: number[] = [];
  const states: string[] = [];
  let waits = 0;
  const left = [...answers];
  await follow({
    open: async (after) => {
      asked.push(after);
      const answer = left.shift();
      if (answer === undefined) throw new Error('nothing more was planned');
      if (answer instanceof Error) throw answer;
      return answer === 204 ? new Response(null, { status: 204 }) : new Response(answer);
    },
    onEvent: ({ seq }: LogEvent) => seqs.push(seq),
    onDelta: () => {},
    onState: (state) => states.push(state),
    isFinal,
    wait: async () => {
      waits += 1;
    },
    signal: new AbortController().signal,
  });
  return { asked, seqs, states, waits };
}

test('a stream that breaks is resumed after the last event, and none is heard twice', async () => {
  expect(await heard([line(1) + line(2), new Error('away'), line(2) + line(3) + last(4)])).toEqual({
    asked: [0, 2, 2],
    seqs: [1, 2, 3, 4],
    states: ['live', 'lost', 'lost', 'live', 'over'],
    waits: 2,
  });
});

test('a gap is not believed: the stream is asked for what is missing', async () => {
  const { asked, seqs } = await heard([line(1) + line(3), line(2) + line(3) + last(4)]);
  expect({ asked, seqs }).toEqual({ asked: [0, 1], seqs: [1, 2, 3, 4] });
});

test('a piece of an event that was cut off is read again whole', async () => {
  const { seqs } = await heard([line(1) + line(2).slice(0, 20), line(2) + last(3)]);
  expect(seqs).toEqual([1, 2, 3]);
});

test('204 says that nothing will follow', async () => {
  expect((await heard([line(1), 204])).states).toEqual(['live', 'lost', 'over']);
});

test('what waiting does not mend is told, not tried again', async () => {
  await expect(heard([new Error('404')], () => true)).rejects.toThrow('404');
});
