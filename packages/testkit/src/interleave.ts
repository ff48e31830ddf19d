import type { Decider, EffectRequest, Named } from '@parley/contracts';
import type { Run } from './run.ts';
import { decideStrictly, evolveStrictly } from './strict.ts';

/** Everything around a decider: what its facts and effects bring back to it, sooner or later. */
export interface World<Input extends Named, Event extends Named, Effect extends Named> {
  toEvent(event: Event): readonly Input[];
  toEffect(request: EffectRequest<Effect>): readonly Input[];
}

/** Between two deliveries. */
const stepMs = 250;

/**
 * Delivers `inputs` and what the world answers until nothing is on its way. Each of `choices` names the next delivery
 * among those on their way; an odd one leaves a copy behind, to arrive again later. After the last choice the rest
 * arrives in order, answers to effects with a due time at the very end. So the choices stand for every network and every timing, and shrink to the plain order.
 */
export function runInterleaved<State, Input extends Named, Event extends Named, Effect extends Named>(
  decider: Decider<State, Input, Event, Effect>,
  inputs: readonly Input[],
  world: World<Input, Event, Effect>,
  choices: readonly number[],
): Run<State, Event, Effect> {
  let state = decider.initial();
  const soon = [...inputs];
  const later: Input[] = [];
  const events: Event[] = [];
  const effects: EffectRequest<Effect>[] = [];
  const refused: string[] = [];
  for (let step = 0; soon.length + later.length > 0; step++) {
    const choice = choices[step] ?? 0;
    const at = (choice >> 1) % (soon.length + later.length);
    const [list, index] = at < soon.length ? [soon, at] : [later, at - soon.length];
    const input = list[index] as Input;
    if (choice % 2 === 0) list.splice(index, 1);
    const decision = decideStrictly(decider, state, input, step * stepMs);
    if (!decision.ok) {
      refused.push(decision.code);
      continue;
    }
    state = evolveStrictly(decider, state, decision.events);
    events.push(...decision.events);
    for (const event of decision.events) soon.push(...world.toEvent(event));
    if (decider.isFinished(state)) continue;
    effects.push(...decision.effects);
    for (const request of decision.effects) {
      (request.dueAt === undefined ? soon : later).push(...world.toEffect(request));
    }
  }
  return { state, events, effects, refused };
}
