import { type Json, ParleyError } from '@parley/contracts';
import type { EffectHandler } from '@parley/spine';
import { judgeText } from '../domain/text.ts';
import type { Thought } from '../domain/turn.ts';
import { createAsk } from './ask.ts';
import { declaresConcession } from './declare.ts';
import { floorIn } from './memory.ts';
import type { ThinkDeps } from './think.ts';

/** Asks what the words of a draft mean, which the model could not be asked when it wrote them. */
export function createDeclare(deps: ThinkDeps): EffectHandler {
  return async (call) => {
    const events = await deps.readStreams([call.stream]);
    const floor = floorIn(events, call.stream);
    const drafted = events.findLast(({ type }) => type === 'turn-drafted')?.data as unknown as
      | { readonly thought: Thought }
      | undefined;
    if (drafted === undefined) throw new ParleyError('INTERNAL', `The stream ${call.stream} has no draft.`);
    const { thought } = drafted;
    const judged = judgeText(thought.text);
    if (!judged.ok) return { ...thought } as unknown as Json;
    const { ask } = createAsk(deps, call, floor, { attempt: call.attempt });
    const { concedes, undeclared, usage } = await declaresConcession(deps, ask, floor, judged.text, thought.model);
    const declared: Thought = {
      ...thought,
      usage: {
        inputTokens: thought.usage.inputTokens + usage.inputTokens,
        outputTokens: thought.usage.outputTokens + usage.outputTokens,
      },
      ...(concedes === true ? { concedes } : {}),
      ...(undeclared === undefined ? {} : { undeclared }),
    };
    return { ...declared } as unknown as Json;
  };
}
