import { deepStrictEqual, fail } from 'node:assert/strict';
import type { Decider, EffectRequest, Instant, Named } from '@parley/contracts';
import { decideStrictly, evolveStrictly, throughJson } from './strict.ts';

/** What was decided, for tests that look at a part of it. */
export interface Decided<State, Event extends Named, Effect extends Named> {
  readonly events: readonly Event[];
  readonly effects: readonly EffectRequest<Effect>[];
  /** After those events. */
  readonly state: State;
}

export interface Outcome<State, Event extends Named, Effect extends Named> {
  /** Exactly these events and effects, in this order; no effects when none are named. */
  then(events: readonly Event[], effects?: readonly EffectRequest<Effect>[]): void;
  /** Refused with this code. */
  refuses(code: string): void;
  /** Throws when it was refused. */
  decided(): Decided<State, Event, Effect>;
}

export interface Scenario<State, Input extends Named, Event extends Named, Effect extends Named> {
  /** The stream's log so far; given again it goes on. */
  given(...events: readonly Event[]): Scenario<State, Input, Event, Effect>;
  when(input: Input, at?: Instant): Outcome<State, Event, Effect>;
}

/** A sentence about a decider: `scenario(debate).given(...events).when(input).then(events, effects)`. */
export function scenario<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  state: State = decider.initial(),
): Scenario<State, Input, Event, Effect> {
  return {
    given: (...events) => scenario(decider, evolveStrictly(decider, state, throughJson(events))),
    when: (input, at = 0) => outcome(decider, state, input, at),
  };
}

function outcome<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  state: State,
  input: Input,
  at: Instant,
): Outcome<State, Event, Effect> {
  const decision = decideStrictly(decider, state, input, at);
  const what = `${decider.kind}, when ${input.type}`;
  function accepted() {
    return decision.ok ? decision : fail(`${what}: expected to be accepted, but refused with ${decision.code}`);
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: given, when, then is the sentence; nobody awaits an outcome.
    then(events, effects = []) {
      const found = accepted();
      deepStrictEqual(
        found.events,
        throughJson(events),
        `${what}: other events than expected\n${diff(found.events, events)}`,
      );
      deepStrictEqual(
        found.effects,
        throughJson(effects),
        `${what}: other effects than expected\n${diff(found.effects, effects)}`,
      );
    },
    refuses(code) {
      if (decision.ok) {
        const types = decision.events.map((event) => event.type).join(', ') || 'no events';
        fail(`${what}: expected to be refused with ${code}, but accepted with ${types}`);
      }
      deepStrictEqual(decision.code, code, `${what}: expected to be refused with ${code}, but with ${decision.code}`);
    },
    decided() {
      const { events, effects } = accepted();
      return { events, effects, state: evolveStrictly(decider, state, events) };
    },
  };
}

function diff(found: unknown, expected: unknown): string {
  return `expected: ${JSON.stringify(expected, null, 2)}\nfound: ${JSON.stringify(found, null, 2)}`;
}
