import { type Floor, isParleyError, type Usage } from '@parley/contracts';
import { chatStructured, type ModelClient } from '@parley/model';
import { type Logger, newNonce } from '@parley/runtime';
import { z } from 'zod';
import { concessionPrompt } from '../domain/concession.ts';
import type { Ask } from './think.ts';

const declaration = z.object({ concedes: z.boolean(), reason: z.string().max(300) });
const budgetMs = 30_000;

/** Asks the model that spoke whether its words give up the debate. A call that fails declares nothing. */
export async function declaresConcession(
  deps: { readonly model: ModelClient; readonly logger: Logger },
  ask: Ask,
  floor: Floor,
  text: string,
  model: string,
): Promise<{ readonly concedes: boolean; readonly usage: Usage }> {
  const call = ask(concessionPrompt(floor, text, newNonce()), 'concession', budgetMs);
  try {
    const { value, result } = await chatStructured(deps.model, { ...call, models: [model] }, declaration);
    const { inputTokens, outputTokens } = result;
    return { concedes: value.concedes, usage: { inputTokens, outputTokens } };
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.code === 'CANCELLED' || thrown.code === 'INTERNAL') throw thrown;
    deps.logger.warn({ code: thrown.code }, 'The debater could not say whether it concedes; it does not.');
    return { concedes: false, usage: { inputTokens: 0, outputTokens: 0 } };
  }
}
