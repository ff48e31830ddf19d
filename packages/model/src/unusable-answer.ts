import { isParleyError, ParleyError } from '@parley/contracts';

/** Why an answer that came to its end is none: nothing was said, only thought, or only a tool was called. */
export type Emptiness = 'nothing' | 'thoughts' | 'tools';

/** The cause of the error of an answer without text, with the tokens that it has cost. */
export class UnusableAnswer extends Error {
  readonly emptiness: Emptiness;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;

  constructor(
    emptiness: Emptiness,
    spent: { readonly inputTokens: number; readonly outputTokens: number; readonly reasoningTokens: number },
  ) {
    super(`an answer of ${emptiness}`);
    this.name = 'UnusableAnswer';
    this.emptiness = emptiness;
    this.inputTokens = spent.inputTokens;
    this.outputTokens = spent.outputTokens;
    this.reasoningTokens = spent.reasoningTokens;
  }
}

/** What an error without an answer has cost, if it is one of an answer without text. */
export function unusableIn(error: unknown): UnusableAnswer | undefined {
  return isParleyError(error) && error.cause instanceof UnusableAnswer ? error.cause : undefined;
}

/** MODEL_GARBAGE with what happened and what helps. */
export function unusable(model: string, cause: UnusableAnswer): ParleyError {
  return new ParleyError('MODEL_GARBAGE', sentences[cause.emptiness](model, cause), { cause });
}

const sentences: Readonly<Record<Emptiness, (model: string, cause: UnusableAnswer) => string>> = {
  nothing: (model) => `Model "${model}" gave an answer without any text. Ask again or use another model.`,
  thoughts: (model, { reasoningTokens }) =>
    `Model "${model}" spent about ${reasoningTokens} tokens on thoughts and gave no answer. Allow it more tokens, switch its thinking off, or use another model.`,
  tools: (model) => `Model "${model}" called a tool that nobody offered, instead of answering. Use another model.`,
};
