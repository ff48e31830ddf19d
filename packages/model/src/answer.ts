import { ParleyError } from '@parley/contracts';
import { answerBounds, promptCharacters, tokensOf } from './answer-bounds.ts';
import type { ChatRequest, ChatResult, Provider } from './model.ts';
import type { Oddity } from './oddity.ts';
import { cutAtSentence } from './sentence.ts';
import { createThoughtSplitter, type Split } from './thoughts.ts';
import { believableCount } from './token-count.ts';
import type { ToolCall } from './tool.ts';
import { createToolCallReader } from './tool-call-reader.ts';
import { offeredTools } from './tool-offer.ts';
import { UnusableAnswer, unusable } from './unusable-answer.ts';
import { cancelled } from './wire-error.ts';

/** White space in a row, in characters, after which a model is held to be looping. */
export const whitespaceLimit = 200;

/** What a server reports at the end of its answer. Counts are as they came: anything. */
export interface AnswerEnd {
  readonly finishReason: 'stop' | 'length';
  readonly inputTokens?: unknown;
  readonly outputTokens?: unknown;
  readonly reasoningTokens?: unknown;
  readonly loadMs?: number | undefined;
  readonly oddities?: readonly Oddity[];
}

/** An answer being written: collects the text, publishes it, and keeps thoughts and everything beyond its bounds out. */
export interface Answer {
  /**
   * Takes a piece of the text. False when there is enough text: the server may stop.
   * @throws CANCELLED once the request is aborted, MODEL_GARBAGE after endless white space.
   */
  add(text: string): boolean;
  /** Takes thoughts that came beside the text. False when there are too many. */
  think(text: string): boolean;
  /** Takes what a message has as its tool calls, whatever that is. False when there are too many. */
  call(calls: unknown): boolean;
  /** The text so far. */
  readonly text: string;
  /** @throws MODEL_GARBAGE when there is neither text nor a call of a tool that was offered. */
  end(end: AnswerEnd): ChatResult;
}

/** @param roomTokens what the server was told the answer may take, thoughts included. */
export function openAnswer(provider: Provider, request: ChatRequest, roomTokens = request.maxTokens): Answer {
  const startedAt = performance.now();
  const bounds = answerBounds(request.maxTokens, roomTokens);
  const splitter = createThoughtSplitter();
  const offered = offeredTools(request);
  const reader = offered === undefined ? undefined : createToolCallReader(offered);
  let text = '';
  let thoughtCharacters = 0;
  let isCut = false;
  let hasTools = false;
  let hasPublished = false;
  let firstTokenMs: number | undefined;
  let blanks = 0;

  const publish = (piece: string) => {
    // Thoughts are followed by empty lines that are no part of the answer.
    const part = text === '' && thoughtCharacters > 0 ? piece.trimStart() : piece;
    if (part === '' || isCut) return;
    const taken = part.slice(0, bounds.text - text.length);
    text += taken;
    if (taken.length < part.length) isCut = true;
    if (taken === '') return;
    hasPublished = true;
    request.onText?.(taken);
  };
  const take = ({ text: piece, thought, isVoid }: Split) => {
    thoughtCharacters += thought.length;
    if (isVoid) {
      thoughtCharacters += text.length;
      text = '';
      isCut = false;
      if (hasPublished) request.onRestart?.();
      hasPublished = false;
    }
    publish(piece);
  };
  const isEnough = () => isCut || thoughtCharacters >= bounds.thoughts;

  return {
    get text() {
      return text;
    },
    add(piece) {
      if (request.signal.aborted) throw cancelled(request.signal);
      if (piece === '') return !isEnough();
      firstTokenMs ??= performance.now() - startedAt;
      blanks = blanksAfter(piece, blanks);
      if (blanks >= whitespaceLimit) throw endlessWhitespace(request.model);
      take(splitter.push(piece));
      return !isEnough();
    },
    think(thought) {
      if (request.signal.aborted) throw cancelled(request.signal);
      thoughtCharacters += thought.length;
      return !isEnough();
    },
    call(calls) {
      if (request.signal.aborted) throw cancelled(request.signal);
      if (reader !== undefined) return reader.take(calls);
      hasTools = true;
      return true;
    },
    end(end) {
      take(splitter.end());
      const toolCalls =
        reader?.end(request.schema === undefined ? text : '', isCut || end.finishReason === 'length') ?? [];
      if (toolCalls.some((call) => call.isFromText)) {
        text = '';
        if (hasPublished) request.onRestart?.();
      }
      if (isCut) text = cutAtSentence(text, bounds.text - 1);
      const totalMs = performance.now() - startedAt;
      const asked = promptCharacters(request);
      const said = text.length + thoughtCharacters + charactersOf(toolCalls);
      const inputTokens = believableCount(end.inputTokens, asked);
      const outputTokens = believableCount(end.outputTokens, said);
      // Nothing said until the limit: the tokens went into thoughts that the server does not show.
      const isHidden = text.trim() === '' && end.finishReason === 'length' && !hasTools && toolCalls.length === 0;
      const counts = {
        inputTokens: inputTokens ?? tokensOf(asked),
        outputTokens: outputTokens ?? (isHidden && said === 0 ? roomTokens : tokensOf(said)),
        reasoningTokens: believableCount(end.reasoningTokens, thoughtCharacters) ?? tokensOf(thoughtCharacters),
      };
      if (text.trim() === '' && toolCalls.length === 0) {
        const reasoningTokens = Math.max(counts.reasoningTokens, isHidden ? counts.outputTokens : 0);
        const emptiness = reasoningTokens > 0 ? 'thoughts' : hasTools ? 'tools' : 'nothing';
        throw unusable(request.model, new UnusableAnswer(emptiness, { ...counts, reasoningTokens }));
      }
      const odd: Oddity[] = [
        ...(inputTokens === undefined || outputTokens === undefined ? (['usage'] as const) : []),
        ...(isCut ? (['cut'] as const) : []),
        ...(thoughtCharacters > 0 ? (['thoughts'] as const) : []),
        ...odditiesOf(toolCalls),
        ...(end.oddities ?? []),
      ];
      return {
        text,
        ...(toolCalls.length === 0 ? {} : { toolCalls }),
        model: request.model,
        provider,
        finishReason: isCut ? 'length' : end.finishReason,
        ...counts,
        ...(end.loadMs !== undefined && Number.isFinite(end.loadMs) ? { loadMs: end.loadMs } : {}),
        firstTokenMs: firstTokenMs ?? totalMs,
        totalMs,
        ...(odd.length === 0 ? {} : { oddities: odd }),
      };
    },
  };
}

function charactersOf(calls: readonly ToolCall[]): number {
  return calls.reduce((sum, call) => sum + JSON.stringify(call.ok ? call.arguments : call.reason).length, 0);
}

function odditiesOf(calls: readonly ToolCall[]): Oddity[] {
  return [
    ...(calls.some((call) => call.isFromText) ? (['tool-call-from-text'] as const) : []),
    ...(calls.some((call) => call.ok && call.isRepaired) ? (['tool-call-repaired'] as const) : []),
    ...(calls.some((call) => !call.ok) ? (['tool-call-refused'] as const) : []),
  ];
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
