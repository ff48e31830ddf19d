import { ParleyError } from '@parley/contracts';
import { openAnswer } from './answer.ts';
import { embeddingBounds, embedResult } from './embedding.ts';
import { exchange, garbage, readObject } from './exchange.ts';
import { createHabits } from './habits.ts';
import { createHttpFetch, type Fetch } from './http-fetch.ts';
import { type Manner, roomOf } from './manner.ts';
import type { Model } from './model.ts';
import { listBounds, namesIn } from './model-list.ts';
import { readOpenAi } from './openai-answer.ts';
import { type LimitField, openAiFields, sentToOpenAi, toOpenAi } from './openai-request.ts';
import { askPersistently } from './persistent.ts';
import { statusError } from './status-error.ts';
import { placeOf, transportError, type Wire } from './wire-error.ts';

export interface OpenAiOptions {
  /** Up to the part before /chat/completions, such as http://127.0.0.1:8000/v1. */
  readonly baseUrl: string;
  /** Sent as bearer token; appears in no message. */
  readonly apiKey?: string;
  readonly fetch?: Fetch;
  readonly limitField?: LimitField;
}

/**
 * Any server with OpenAI's chat completions as a stream. It has no field for the context window.
 * Throws CONFIG_INVALID for a key that no header can carry.
 */
export function createOpenAiModel(options: OpenAiOptions): Model {
  const wire: Wire = {
    provider: 'openai',
    place: placeOf(options.baseUrl),
    ...(options.apiKey ? { secret: options.apiKey } : {}),
  };
  if (options.apiKey) checkKey(options.apiKey);
  const base = options.baseUrl.replace(/\/+$/, '');
  const fetch = options.fetch ?? createHttpFetch();
  const habits = createHabits();
  const headers: Record<string, string> = options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {};
  const post = (path: string, body: object, signal: AbortSignal, more: Readonly<Record<string, string>> = {}) =>
    fetch(`${base}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
      signal,
    });
  return {
    provider: 'openai',
    refusedFields: habits.refusedFields,
    async chat(request) {
      const bodyOf = (manner: Manner) => toOpenAi(request, manner, options.limitField ?? 'max_tokens');
      const ask = (manner: Manner) => {
        const room = roomOf(request, manner);
        const answer = openAnswer('openai', request, room);
        const send = () => post('/chat/completions', bodyOf(manner), request.signal, { accept: 'text/event-stream' });
        return exchange(wire, request, send, (response) => readOpenAi(wire, request, response, answer, room));
      };
      return askPersistently(habits, openAiFields, request, (manner) => sentToOpenAi(bodyOf(manner)), ask);
    },
    async embed(request) {
      const { model, inputs, signal } = request;
      const startedAt = performance.now();
      const send = () => post('/embeddings', { model, input: inputs, encoding_format: 'float' }, signal);
      return exchange(wire, request, send, async (response) => {
        const { data, usage } = await readObject(wire, 'embeddings', response, embeddingBounds(inputs.length));
        const vectors = Array.isArray(data) ? inOrder(data) : undefined;
        const { prompt_tokens: inputTokens } = (usage ?? {}) as { prompt_tokens?: unknown };
        return embedResult('openai', request, { vectors, inputTokens }, startedAt);
      });
    },
    async list(signal) {
      try {
        const response = await fetch(`${base}/models`, { method: 'GET', headers, signal });
        if (!response.ok) throw await statusError(wire, 'any', response);
        const { data } = await readObject(wire, 'its models', response, listBounds);
        const names = namesIn(data, 'id');
        if (names === undefined) throw garbage(wire, 'its models', 'the answer is no list of them');
        return names;
      } catch (thrown) {
        throw transportError(wire, 'any', thrown, { signal, hasAnswer: false });
      }
    },
  };
}

/** The protocol numbers the vectors and does not promise their order. */
function inOrder(data: readonly unknown[]): unknown[] {
  const entries = data.map((entry) => (entry ?? {}) as { readonly index?: unknown; readonly embedding?: unknown });
  const indexOf = ({ index }: { readonly index?: unknown }) => (typeof index === 'number' ? index : 0);
  return entries.sort((a, b) => indexOf(a) - indexOf(b)).map(({ embedding }) => embedding);
}

function checkKey(key: string): void {
  const at = key.search(/[^\x21-\x7e]/);
  if (at < 0) return;
  const code = key.codePointAt(at)?.toString(16).toUpperCase().padStart(4, '0');
  throw new ParleyError(
    'CONFIG_INVALID',
    `OPENAI_API_KEY has a character that no key has (U+${code}, the ${at + 1}th). Copy the key again.`,
  );
}
