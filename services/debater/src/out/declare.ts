import { isParleyError, type Usage } from '@parley/contracts';
import type { Floor } from '@parley/contracts/debate';
import { chatStructured, type ModelClient } from '@parley/model';
import { type Logger, newNonce } from '@parley/runtime';
import { z } from 'zod';
import { concessionPrompt } from '../domain/concession.ts';
import type { Thought } from '../domain/turn.ts';
import type { Ask } from './ask.ts';

const declaration = z.object({ concedes: z.boolean(), reason: z.string().max(300) });
const budgetMs = 30_000;

/** What was found, or why the model could not be asked now. */
type Declared = Pick<Thought, 'concedes' | 'undeclared'> & { readonly usage: Usage };

/**
 * Asks the model that spoke whether its words give up the debate. A call that is refused declares nothing; one that may
 * succeed later is left to be made then.
 */
export async function declaresConcession(
  deps: { readonly model: ModelClient; readonly logger: Logger },
  ask: Ask,
  floor: Floor,
  text: string,
  model: string,
): Promise<Declared> {
  const call = ask(concessionPrompt(floor, text, newNonce()), 'concession', budgetMs);
  try {
    const { value, result } = await chatStructured(deps.model, { ...call, models: [model] }, declaration);
    const { inputTokens, outputTokens } = result;
    return { concedes: value.concedes, usage: { inputTokens, outputTokens } };
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.code === 'CANCELLED' || thrown.code === 'INTERNAL') throw thrown;
    const usage = { inputTokens: 0, outputTokens: 0 };
    if (thrown.retryable) {
      const { code, message: reason, retryAfterMs } = thrown;
      return { undeclared: { code, reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }, usage };
    }
    deps.logger.warn({ code: thrown.code }, 'The debater could not say whether it concedes; it does not.');
    return { concedes: false, usage };
  }
}
