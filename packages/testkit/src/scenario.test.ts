import { expect, test } from '@jest/globals';
import type { Decider, Named } from '@parley/contracts';
import { foldEquals, runDecider } from './run.ts';
import { scenario } from './scenario.ts';

interface State {
  readonly count: number;
}
interface Add extends Named {
  readonly data: { readonly by: number };
}
const add = (by: number): Add => ({ type: 'add', data: { by } });
const added = (by: number): Add => ({ type: 'added', data: { by } });
const ring = { key: 'ring', effect: { type: 'ring' }, isIdempotent: true };

const counter: Decider<State, Add, Add, Named> = {
  kind: 'counter',
  initial: () => ({ count: 0 }),
  decide: (state, input) => {
    if (state.count + input.data.by > 10) return { ok: false, code: 'TOO_MUCH' };
    return { ok: true, events: [added(input.data.by)], effects: input.data.by === 7 ? [ring] : [] };
  },
  evolve: (state, event) => ({ count: state.count + event.data.by }),
  isFinished: (state) => state.count === 10,
};

test('a scenario that holds says nothing', () => {
  scenario(counter)
    .given(added(2), added(1))
    .when(add(7))
    .then([added(7)], [ring]);
  scenario(counter).given(added(9)).when(add(2)).refuses('TOO_MUCH');
  expect(scenario(counter).given(added(3)).when(add(7)).decided().state).toEqual({ count: 10 });
});

test('a scenario that does not hold says what was expected and what was found', () => {
  const small = scenario(counter).when(add(1));
  expect(() => small.then([added(2)])).toThrow(/counter, when add: other events.*"by": 2.*"by": 1/s);
  expect(() => small.then([added(1)], [ring])).toThrow('other effects than expected');
  expect(() => small.refuses('TOO_MUCH')).toThrow('expected to be refused with TOO_MUCH, but accepted with added');
  const big = scenario(counter).when(add(11));
  expect(() => big.then([added(11)])).toThrow('expected to be accepted, but refused with TOO_MUCH');
  expect(() => big.refuses('OTHER')).toThrow('expected to be refused with OTHER, but with TOO_MUCH');
});

test('effects that are not named must not be there', () => {
  expect(() =>
    scenario(counter)
      .when(add(7))
      .then([added(7)]),
  ).toThrow('other effects than expected');
});

test('a run keeps events, refusals and the effects of a stream that is not finished', () => {
  const run = runDecider(counter, [add(7), { at: 5, input: add(9) }, add(3)]);
  expect(run).toEqual({ state: { count: 10 }, events: [added(7), added(3)], effects: [ring], refused: ['TOO_MUCH'] });
});

test('a state that its events do not fold to is named', () => {
  foldEquals(counter, [added(1), added(2)], { count: 3 });
  expect(() => foldEquals(counter, [added(1), added(2)], { count: 4 })).toThrow('not what its 2 events fold to');
});

test('a process that writes to its state, or decides differently when asked again, does not pass', () => {
  const writing: typeof counter = {
    ...counter,
    evolve: (state, event) => Object.assign(state, { count: state.count + event.data.by }),
  };
  expect(() => scenario(writing).given(added(1))).toThrow(TypeError);
  let calls = 0;
  const fickle: typeof counter = { ...counter, decide: () => ({ ok: true, events: [added(calls++)], effects: [] }) };
  expect(() => scenario(fickle).when(add(1))).toThrow('deciding twice decides differently');
});

test('a decision that JSON would change does not pass', () => {
  const lossy: typeof counter = { ...counter, decide: () => ({ ok: true, events: [added(Number.NaN)], effects: [] }) };
  expect(() => scenario(lossy).when(add(1))).toThrow('JSON does not carry this decision unchanged');
});

test.each(['\ud83d', '\0'])('text that Postgres refuses does not pass: %j', (text) => {
  const event = { type: 'added', data: { by: 1, text } };
  const dirty: typeof counter = { ...counter, decide: () => ({ ok: true, events: [event], effects: [] }) };
  expect(() => scenario(dirty).when(add(1))).toThrow('Postgres does not take this decision');
});
