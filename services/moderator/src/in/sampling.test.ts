import { expect, test } from '@jest/globals';
import { type Fact, type Message, probeTenant } from '@parley/contracts';
import { proWins } from '@parley/testkit';
import { readSample } from './sampling.ts';

const debate = '0193e5a0-7c1e-7d3a-9f00-00000000000a';
const message = (id: string, fields: Partial<Message> = {}): Message => ({
  id,
  type: 't',
  source: 'moderator',
  subject: debate,
  time: '2026-01-02T23:59:59.999Z',
  data: {},
  ...fields,
});
const turn = { type: 'turn-recorded.v1', data: { round: 2, side: 'con' } } as unknown as Fact;
const verdict = (outcome: string) =>
  ({ type: 'verdict-given.v1', data: { verdict: { ...proWins, outcome } } }) as unknown as Fact;
const all = { ratio: 1, tokensPerDay: 1_000 };

test('a turn and a winner are samples of their tenant’s day, until an hour after it', () => {
  const endsAt = Date.parse('2026-01-03T01:00:00.000Z');
  expect(readSample(turn, message('m'), all)).toMatchObject({
    id: 'sample/m',
    kind: 'accuracy',
    input: { type: 'sample', data: { debate, turn: { round: 2, side: 'con' }, endsAt } },
  });
  expect(readSample(verdict('con'), message('m'), all)).toMatchObject({ input: { data: { debate, endsAt } } });
});

test('each tenant has a stream a day', () => {
  const streamOf = (fields: Partial<Message>, id = 'm') => {
    const reading = readSample(turn, message(id, fields), all);
    return reading !== undefined && 'stream' in reading ? reading.stream : undefined;
  };
  expect(streamOf({ time: '2026-01-02T00:00:00.000Z' }, 'n')).toBe(streamOf({}));
  const others = [streamOf({}), streamOf({ tenant: 'acme' }), streamOf({ time: '2026-01-03T00:00:00.000Z' })];
  expect(new Set(others).size).toBe(3);
});

test.each<[string, Fact, Partial<Message>, number]>([
  ['a verdict without a winner', verdict('contested'), {}, 1],
  ['a verdict that nobody gave', verdict('unavailable'), {}, 1],
  ['a probe', turn, { tenant: probeTenant }, 1],
  ['another fact', { type: 'debate-paused.v1', data: {} } as Fact, {}, 1],
  ['what is not of the share', turn, {}, 0],
])('%s is none', (_what, fact, fields, ratio) => {
  expect(readSample(fact, message('m', fields), { ...all, ratio })).toBeUndefined();
});
