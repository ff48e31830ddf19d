import { deepStrictEqual } from 'node:assert/strict';
import type { Decider, EffectRequest, Instant, Named } from '@parley/contracts';
import { decideStrictly, evolveStrictly, throughJson } from './strict.ts';

/** What came of a row of inputs. */
export interface Run<State, Event extends Named, Effect extends Named> {
  readonly state: State;
  readonly events: readonly Event[];
  /** In the order they were asked for; what a finished stream asks for is dropped, as the spine does. */
  readonly effects: readonly EffectRequest<Effect>[];
  /** Codes of the refusals, in order. */
  readonly refused: readonly string[];
}

/** An input, or an input and the moment it is decided at. Without a moment the last one stands, at first 0. */
export type Timed<Input> = Input | { readonly at: Instant; readonly input: Input };

/** Decides and evolves one input after the other, from a new stream, as the spine would. */
export function runDecider<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  inputs: readonly Timed<Input>[],
): Run<State, Event, Effect> {
  let state = decider.initial();
  let at = 0;
  const events: Event[] = [];
  const effects: EffectRequest<Effect>[] = [];
  const refused: string[] = [];
  for (const timed of inputs) {
    if ('at' in timed) at = timed.at;
    const decision = decideStrictly(decider, state, 'input' in timed ? timed.input : timed, at);
    if (!decision.ok) {
      refused.push(decision.code);
      continue;
    }
    state = evolveStrictly(decider, state, decision.events);
    events.push(...decision.events);
    if (!decider.isFinished(state)) effects.push(...decision.effects);
  }
  return { state, events, effects, refused };
}

/** The rule `fold(events) == state`, over what a database keeps of both. Throws an assertion error when it is broken. */
export function foldEquals<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  events: readonly Event[],
  state: State,
): void {
  const folded = evolveStrictly(decider, decider.initial(), throughJson(events));
  const rule = `${decider.kind}: the state is not what its ${events.length} events fold to`;
  deepStrictEqual(throughJson(folded), throughJson(state), rule);
}
