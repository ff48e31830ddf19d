import { expect, test } from '@jest/globals';
import { waitingOf } from './waiting.ts';

const away = {
  type: 'model-waiting.v1',
  data: { awaits: 'verdict', since: 1_000, code: 'MODEL_UNREACHABLE', reason: 'No answer.' },
};
const of = (...types: string[]) => types.map((type) => ({ type, data: {} }));

test('a debate waits from the moment a model failed until anything else happens to it', () => {
  expect(waitingOf([...of('debate-started.v1'), away])).toEqual(away.data);
  expect(waitingOf([away, ...of('note-added.v1', 'judge-polled.v1')])).toEqual(away.data);
  for (const type of ['turn-recorded.v1', 'debate-paused.v1', 'debate-stopped.v1', 'verdict-given.v1']) {
    expect(waitingOf([away, ...of(type)])).toBeNull();
  }
  expect(waitingOf([])).toBeNull();
});
