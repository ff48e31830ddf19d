import { isParleyError } from '@parley/contracts';
import type { Habits } from './habits.ts';
import type { Manner } from './manner.ts';
import type { ChatRequest, ChatResult } from './model.ts';
import { mostRepairs, type Refusable, repaired } from './refusable.ts';
import { offeredTools } from './tool-offer.ts';
import { lacksTools, toolErrorOf } from './tool-refusal.ts';
import { unusableIn } from './unusable-answer.ts';

/** A share of `maxTokens` that thoughts may take before the next answer gets room for them. */
const crowdedShare = 0.5;

/**
 * Asks, and asks again at once where the fault is in the manner of asking: a field that the server refuses is sent in its
 * next form or left out, and a model that thought until its limit gets room. What helped is remembered, so that the next
 * request begins with it. Tools are never left out: a model that takes none is remembered and rejects with
 * MODEL_WITHOUT_TOOLS, without being asked again.
 */
export async function askPersistently(
  habits: Habits,
  fields: readonly Refusable[],
  request: ChatRequest,
  sentBy: (manner: Manner) => ReadonlySet<string>,
  ask: (manner: Manner) => Promise<ChatResult>,
): Promise<ChatResult> {
  const { model, maxTokens } = request;
  const hasTools = offeredTools(request) !== undefined;
  if (hasTools && habits.lacksTools(model)) throw lacksTools(model);
  let forms = habits.formsOf(model);
  let refused = 0;
  for (;;) {
    const manner = { forms, hasRoom: habits.needsRoom(model) };
    try {
      const result = await ask(manner);
      if (refused > 0) habits.rememberForms(model, forms);
      if ((result.reasoningTokens ?? 0) > maxTokens * crowdedShare) habits.rememberRoom(model);
      return refused === 0 ? result : { ...result, oddities: [...(result.oddities ?? []), 'field-refused'] };
    } catch (thrown) {
      if (!isParleyError(thrown)) throw thrown;
      const aboutTools = hasTools ? toolErrorOf(thrown, model) : undefined;
      if (aboutTools?.code === 'MODEL_WITHOUT_TOOLS') habits.rememberLackOfTools(model);
      if (aboutTools !== undefined) throw aboutTools;
      if (unusableIn(thrown)?.emptiness === 'thoughts' && !manner.hasRoom) {
        habits.rememberRoom(model);
        continue;
      }
      const next = refused < mostRepairs ? repaired(thrown, fields, forms, sentBy(manner)) : undefined;
      if (next === undefined) throw thrown;
      forms = next.forms;
      refused += 1;
    }
  }
}
