import { deepStrictEqual, doesNotMatch } from 'node:assert/strict';
import type { Decider, Decision, Instant, Named } from '@parley/contracts';

/** What a value is after a database or a topic: fields that are undefined are gone. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Writing to the value or anything in it throws from now on. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/**
 * NUL and halves of surrogate pairs, as JSON.stringify escapes them: Postgres's json takes neither (PostgreSQL
 * manual, 8.14), and one of them fails the statement that writes the whole tick.
 */
const refusedByPostgres = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;

/**
 * Decides as the spine does, from a state and an input that came out of JSON, and holds the decider to its purity:
 * it may not write to either, must decide the same when asked again, and must decide what JSON and Postgres can carry.
 */
export function decideStrictly<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  state: State,
  input: Input,
  at: Instant,
): Decision<Event, Effect> {
  const known = deepFreeze(throughJson(state));
  const given = deepFreeze(throughJson(input));
  const decision = decider.decide(known, given, at);
  deepStrictEqual(decider.decide(known, given, at), decision, `${decider.kind}: deciding twice decides differently`);
  const decided = throughJson(decision);
  deepStrictEqual(decided, decision, `${decider.kind}: JSON does not carry this decision unchanged`);
  doesNotMatch(JSON.stringify(decision), refusedByPostgres, `${decider.kind}: Postgres does not take this decision`);
  return deepFreeze(decided);
}

/** Evolves from frozen values: a decider that writes to its state or event throws. */
export function evolveStrictly<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  state: State,
  events: readonly Event[],
): State {
  let current = deepFreeze(state);
  for (const event of events) current = deepFreeze(decider.evolve(current, deepFreeze(event)));
  return current;
}
