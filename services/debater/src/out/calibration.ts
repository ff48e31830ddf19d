import type { ChatResult } from '@parley/model';
import type { Logger, PromptMeter } from '@parley/runtime';
import { isTruncated, ratioOf } from '../domain/context.ts';

interface CalibrationDeps {
  readonly logger: Logger;
  readonly contextTokens: number;
  readonly onPrompt?: PromptMeter | undefined;
}

/** Debates may name any model. */
const modelsKept = 64;

/** Last error of the estimate of each model's prompts; only in memory, because it is soon known again. */
export function createCalibration(deps: CalibrationDeps) {
  const ratios = new Map<string, number>();
  const ratio = (model: string): number => ratios.get(model) ?? 1;
  return {
    ratio,
    heard({ model, inputTokens }: ChatResult, estimated: number): void {
      const expected = estimated * ratio(model);
      const isCut = isTruncated(inputTokens, expected, deps.contextTokens);
      deps.onPrompt?.({ model, ratio: inputTokens / Math.max(1, estimated), isCut });
      if (isCut)
        deps.logger.warn({ model, expected, counted: inputTokens }, 'The server cut a prompt without saying so.');
      const heard = ratioOf(inputTokens, estimated);
      // Of a prompt that was cut it is known that it was no shorter.
      const known = isCut ? Math.max(heard, ratio(model)) : heard;
      ratios.delete(model);
      ratios.set(model, known);
      for (const oldest of ratios.keys()) {
        if (ratios.size <= modelsKept) break;
        ratios.delete(oldest);
      }
    },
  };
}
