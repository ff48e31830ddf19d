import { ParleyError } from '@parley/contracts';
import { createParser } from 'eventsource-parser';
import { type Answer, openAnswer } from './answer.ts';
import { pieces } from './body.ts';
import { embedResult } from './embedding.ts';
import { exchange } from './exchange.ts';
import { createHttpFetch, type Fetch } from './http-fetch.ts';
import type { ChatRequest, ChatResult, Model } from './model.ts';
import { brokeOff, placeOf, statusError, transportError, type Wire } from './wire-error.ts';

export interface OpenAiOptions {
  /** Up to the part before /chat/completions, such as http://127.0.0.1:8000/v1. */
  readonly baseUrl: string;
  /** Sent as bearer token; appears in no message. */
  readonly apiKey?: string;
  readonly fetch?: Fetch;
  /** The name of the answer's limit on the wire: OpenAI's reasoning models know only the longer one. */
  readonly limitField?: 'max_tokens' | 'max_completion_tokens';
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: string | { readonly message?: string };
}

interface Embeddings {
  readonly data?: readonly { readonly index?: number; readonly embedding?: unknown }[];
  readonly usage?: { readonly prompt_tokens?: number } | null;
}

/** Any server with OpenAI's chat completions as a stream. It has no field for the context window. */
export function createOpenAiModel(options: OpenAiOptions): Model {
  const wire: Wire = {
    provider: 'openai',
    place: placeOf(options.baseUrl),
    ...(options.apiKey ? { secret: options.apiKey } : {}),
  };
  const base = options.baseUrl.replace(/\/+$/, '');
  const fetch = options.fetch ?? createHttpFetch();
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
    async chat(request) {
      const answer = openAnswer('openai', request);
      const body = toWire(request, options.limitField ?? 'max_tokens');
      const send = () => post('/chat/completions', body, request.signal, { accept: 'text/event-stream' });
      return exchange(wire, request, send, (response) => readAnswer(wire, request, response, answer));
    },
    async embed(request) {
      const { model, inputs, signal } = request;
      const startedAt = performance.now();
      const send = () => post('/embeddings', { model, input: inputs, encoding_format: 'float' }, signal);
      return exchange(wire, request, send, async (response) => {
        const { data = [], usage } = (await response.json()) as Embeddings;
        // The protocol numbers the vectors and does not promise their order.
        const vectors = [...data].sort((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ embedding }) => embedding);
        return embedResult('openai', request, { vectors, inputTokens: usage?.prompt_tokens }, startedAt);
      });
    },
    async list(signal) {
      try {
        const response = await fetch(`${base}/models`, { method: 'GET', headers, signal });
        if (!response.ok) throw await statusError(wire, 'any', response);
        const { data } = (await response.json()) as { data?: readonly { id: string }[] };
        return (data ?? []).map((entry) => entry.id);
      } catch (thrown) {
        throw transportError(wire, 'any', thrown, { signal, hasAnswer: false });
      }
    },
  };
}

function toWire(request: ChatRequest, limitField: 'max_tokens' | 'max_completion_tokens'): Record<string, unknown> {
  return {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    stream_options: { include_usage: true },
    [limitField]: request.maxTokens,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    // Not `strict`: that refuses optional fields and bounds, and the answer is checked in any case.
    ...(request.schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: request.schema } } }),
  };
}

async function readAnswer(wire: Wire, request: ChatRequest, response: Response, answer: Answer): Promise<ChatResult> {
  let finishReason: string | undefined;
  let usage: Chunk['usage'];
  const parser = createParser({
    maxBufferSize: 1_000_000,
    onEvent({ data }) {
      if (data === '[DONE]') return;
      const chunk = JSON.parse(data) as Chunk;
      if (chunk.error !== undefined) {
        const said = typeof chunk.error === 'string' ? chunk.error : chunk.error.message;
        throw brokeOff(wire, request.model, said ?? 'no explanation');
      }
      usage = chunk.usage ?? usage;
      const choice = chunk.choices?.[0];
      answer.add(choice?.delta?.content ?? '');
      finishReason = choice?.finish_reason ?? finishReason;
    },
  });
  for await (const piece of pieces(response.body)) {
    request.onProgress?.();
    parser.feed(piece);
  }
  parser.reset({ consume: true });
  if (finishReason === undefined) throw brokeOff(wire, request.model, 'the stream ended before the answer did');
  if (finishReason === 'content_filter') {
    throw new ParleyError(
      'MODEL_REFUSED',
      `${wire.place} filtered the answer of model "${request.model}". Reword the topic.`,
    );
  }
  return answer.end({
    finishReason: finishReason === 'length' ? 'length' : 'stop',
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
  });
}
