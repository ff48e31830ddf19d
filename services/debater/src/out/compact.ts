import { type ErrorCode, isParleyError, type Usage } from '@parley/contracts';
import type { Side } from '@parley/contracts/debate';
import type { ModelClient } from '@parley/model';
import { type Logger, newNonce } from '@parley/runtime';
import { type Compacted, compactionPrompt, extract, judgeSummary } from '../domain/context.ts';
import type { Remembered } from '../domain/prompt.ts';
import type { Ask } from './ask.ts';

interface CompactDeps {
  readonly model: ModelClient;
  readonly logger: Logger;
  readonly contextTokens: number;
  readonly maxTokens: number;
}

const notForUs: ReadonlySet<ErrorCode> = new Set(['CANCELLED', 'INTERNAL']);

/** A summary must not cost the turn its time. */
const budgetMs = 30_000;

/**
 * The summary of turns that no longer fit, on top of the one before. The model is asked once; when it refuses or
 * says nothing usable, the first sentences stand for them. Rejects when the model is away: the turn waits for it.
 */
export async function compact(
  deps: CompactDeps,
  ask: Ask,
  turns: readonly Remembered[],
  mine: Side,
  before: Compacted | undefined,
): Promise<{ readonly compacted: Compacted; readonly usage: Usage }> {
  const upToRound = turns.at(-1)?.round ?? 0;
  const fallback = extract(turns, mine, before?.summary);
  const room = deps.contextTokens - deps.maxTokens;
  const prompt = compactionPrompt(turns, mine, newNonce(), room, before?.summary);
  try {
    const result = await deps.model.chat(ask(prompt, 'summary', budgetMs));
    const { inputTokens, outputTokens } = result;
    const summary = result.finishReason === 'stop' ? judgeSummary(result.text) : undefined;
    return { compacted: { upToRound, summary: summary ?? fallback }, usage: { inputTokens, outputTokens } };
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.retryable || notForUs.has(thrown.code)) throw thrown;
    deps.logger.warn({ code: thrown.code }, 'No model summarised the old turns; their first sentences are kept.');
    return { compacted: { upToRound, summary: fallback }, usage: { inputTokens: 0, outputTokens: 0 } };
  }
}
