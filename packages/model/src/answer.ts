import { ParleyError } from '@parley/contracts';
import type { ChatRequest, ChatResult, Provider } from './model.ts';
import { cancelled } from './wire-error.ts';

/** White space in a row, in characters, after which a model is held to be looping. */
export const whitespaceLimit = 200;

/** What a server reports at the end of its answer. */
export interface AnswerEnd {
  readonly finishReason: 'stop' | 'length';
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly loadMs?: number | undefined;
}

/** An answer being written: collects the text, publishes it and stops the two ways it can go wrong without an error. */
export interface Answer {
  /** Throws CANCELLED once the request is aborted, MODEL_GARBAGE after endless white space. */
  add(text: string): void;
  end(end: AnswerEnd): ChatResult;
}

export function openAnswer(provider: Provider, request: ChatRequest): Answer {
  const startedAt = performance.now();
  let text = '';
  let firstTokenMs: number | undefined;
  let blanks = 0;
  return {
    add(piece) {
      if (request.signal.aborted) throw cancelled(request.signal);
      if (piece === '') return;
      firstTokenMs ??= performance.now() - startedAt;
      blanks = blanksAfter(piece, blanks);
      if (blanks >= whitespaceLimit) throw endlessWhitespace(request.model);
      text += piece;
      request.onText?.(piece);
    },
    end({ finishReason, inputTokens, outputTokens, loadMs }) {
      const totalMs = performance.now() - startedAt;
      return {
        text,
        model: request.model,
        provider,
        finishReason,
        inputTokens: inputTokens ?? promptTokens(request),
        outputTokens: outputTokens ?? tokensOf(text.length),
        ...(loadMs === undefined ? {} : { loadMs }),
        firstTokenMs: firstTokenMs ?? totalMs,
        totalMs,
      };
    },
  };
}

/** White space characters in a row at the end of `piece`, or the most within it when that reaches the limit. */
function blanksAfter(piece: string, before: number): number {
  const trimmed = piece.trimEnd();
  if (trimmed === '') return before + piece.length;
  const start = before + piece.length - piece.trimStart().length;
  if (start >= whitespaceLimit) return start;
  if (piece.length >= whitespaceLimit && innerRun.test(piece)) return whitespaceLimit;
  return piece.length - trimmed.length;
}
const innerRun = new RegExp(`\\s{${whitespaceLimit}}`);

function endlessWhitespace(model: string): ParleyError {
  return new ParleyError(
    'MODEL_GARBAGE',
    `Model "${model}" sent ${whitespaceLimit} white space characters in a row and was stopped. Use a larger model.`,
  );
}

/** About four characters per token: good enough for budgets where a server does not count. */
function tokensOf(characters: number): number {
  return Math.ceil(characters / 4);
}

function promptTokens(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) characters += message.content.length;
  return tokensOf(characters);
}
