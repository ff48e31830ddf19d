import { isParleyError, ParleyError } from '@parley/contracts';
import { createParser } from 'eventsource-parser';
import type { Answer } from './answer.ts';
import { answerBounds, keepAlivesTaken } from './answer-bounds.ts';
import { lineLimit, readPieces } from './body.ts';
import { garbage } from './exchange.ts';
import type { ChatRequest, ChatResult } from './model.ts';
import type { Oddity } from './oddity.ts';
import { type Content, partsOf } from './openai-content.ts';
import { endsWhole } from './sentence.ts';
import { brokeOff, type Wire } from './wire-error.ts';

interface Message {
  readonly content?: Content;
  /** Thoughts: vLLM, DeepSeek and llama.cpp say `reasoning_content`, OpenRouter and newer vLLM `reasoning`. */
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
  readonly thinking?: unknown;
  readonly tool_calls?: unknown;
  readonly function_call?: unknown;
}

/** A piece of an answer, or the whole answer from a server that does not stream. No field is certain. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: Message | null;
    readonly message?: Message | null;
    readonly text?: unknown;
    readonly finish_reason?: unknown;
  }[];
  readonly usage?: {
    readonly prompt_tokens?: unknown;
    readonly completion_tokens?: unknown;
    readonly completion_tokens_details?: { readonly reasoning_tokens?: unknown } | null;
  } | null;
  readonly error?: string | { readonly message?: string } | null;
}

/** Reasons by which servers say that an answer was cut at its limit. */
const cutReasons = new Set(['length', 'max_tokens', 'max_output_tokens', 'model_length']);
const knownReasons = new Set([
  ...cutReasons,
  'stop',
  'tool_calls',
  'function_call',
  'eos',
  'end_turn',
  'stop_sequence',
]);

/**
 * Reads an answer to its end: a reason to finish, `[DONE]`, or a stream that was closed behind a whole sentence. What is
 * closed in the middle of one broke off.
 */
export async function readOpenAi(
  wire: Wire,
  request: ChatRequest,
  response: Response,
  answer: Answer,
  roomTokens: number,
): Promise<ChatResult> {
  let reason: string | undefined;
  let usage: Chunk['usage'];
  let isDone = false;
  let isEnough = false;
  let keepAlives = 0;
  /** What the first character that is no white space says of the body: events, or one JSON or HTML document. */
  let kind = 'unknown' as 'unknown' | 'events' | 'document';
  let document = '';
  const takeChunk = (chunk: Chunk) => {
    if (chunk.error != null) {
      const said = typeof chunk.error === 'string' ? chunk.error : chunk.error.message;
      throw brokeOff(wire, request.model, said ?? 'no explanation');
    }
    usage = chunk.usage ?? usage;
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    const message = choice?.delta ?? choice?.message;
    for (const part of partsOf(message?.content ?? choice?.text)) {
      if (!(part.isThought ? answer.think(part.text) : answer.add(part.text))) isEnough = true;
    }
    const thought = message?.reasoning_content ?? message?.reasoning ?? message?.thinking;
    if (typeof thought === 'string' && !answer.think(thought)) isEnough = true;
    const calls = message?.tool_calls ?? message?.function_call;
    if (calls != null && !answer.call(calls)) isEnough = true;
    if (typeof choice?.finish_reason === 'string' && choice.finish_reason !== '') reason = choice.finish_reason;
  };
  const parser = createParser({
    maxBufferSize: lineLimit,
    onEvent({ data }) {
      keepAlives = 0;
      request.onProgress?.();
      if (isDone || isEnough) return;
      if (data.trim() === '[DONE]') isDone = true;
      else takeChunk(objectIn(data));
    },
    onComment() {
      keepAlives += 1;
      if (keepAlives <= keepAlivesTaken) request.onProgress?.();
    },
  });
  let reading: 'whole' | 'enough' | 'beyond' = 'whole';
  try {
    reading = await readPieces(response.body, answerBounds(request.maxTokens, roomTokens).bytes, (piece) => {
      const first = kind === 'unknown' ? /\S/.exec(piece)?.[0] : undefined;
      if (first !== undefined) kind = first === '<' || first === '{' ? 'document' : 'events';
      if (kind !== 'document') parser.feed(piece);
      else if (document.length < lineLimit) document += piece;
      return !isDone && !isEnough;
    });
    if (reading === 'whole' && !isDone) parser.reset({ consume: true });
  } catch (thrown) {
    // What came behind the end of an answer does not matter, and neither does that it never came.
    if (reason === undefined || isParleyError(thrown) || isCallers(request.signal)) throw thrown;
  }
  const odd: Oddity[] = [];
  if (kind === 'document' && reading === 'whole') {
    if (/^\s*</.test(document)) {
      throw garbage(wire, `an answer of model "${request.model}"`, 'it sent a page for people');
    }
    takeChunk(objectIn(document));
    isDone = true;
    odd.push('unstreamed');
  }
  if (reading === 'beyond' && answer.text === '') {
    throw brokeOff(wire, request.model, 'it sent far more than an answer takes, and no text');
  }
  const isWhole = reason !== undefined || isDone || isEnough || reading === 'beyond' || endsWhole(answer.text);
  if (!isWhole) throw brokeOff(wire, request.model, 'the stream ended before the answer did');
  if (reason === 'content_filter') throw filtered(wire, request.model);
  if (!isEnough && (reason === undefined || !knownReasons.has(reason))) odd.push('finish');
  return answer.end({
    finishReason: isEnough || reading === 'beyond' || cutReasons.has(reason ?? '') ? 'length' : 'stop',
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens,
    oddities: odd,
  });
}

/** Whether the caller ended the request, and not the watch over a server that fell silent behind its answer. */
function isCallers(signal: AbortSignal): boolean {
  return signal.aborted && !(isParleyError(signal.reason) && signal.reason.code === 'MODEL_STALLED');
}

function objectIn(data: string): Chunk {
  const value: unknown = JSON.parse(data);
  return typeof value === 'object' && value !== null ? value : {};
}

function filtered(wire: Wire, model: string): ParleyError {
  return new ParleyError('MODEL_REFUSED', `${wire.place} filtered the answer of model "${model}". Reword the topic.`);
}
