import type { EmbedResponse, ListResponse, ChatRequest as WireRequest, ChatResponse as WireResponse } from 'ollama';
import { type Answer, openAnswer } from './answer.ts';
import { createLineBuffer, pieces } from './body.ts';
import { embedResult } from './embedding.ts';
import { exchange } from './exchange.ts';
import { createHttpFetch, type Fetch } from './http-fetch.ts';
import type { ChatRequest, ChatResult, Model } from './model.ts';
import { brokeOff, placeOf, statusError, transportError, type Wire } from './wire-error.ts';

export interface OllamaOptions {
  /** Such as http://127.0.0.1:11434. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  /** How long the server keeps the model loaded after a call, in its own notation, such as `10m`. */
  readonly keepAlive?: string;
}

/** What `/api/tags` says about a model. */
export interface OllamaTag {
  readonly name: string;
  readonly canChat: boolean;
}

/**
 * Ollama's own API. Always streamed, one request with its own signal per call: the npm client's calls without a stream
 * cannot be aborted and have no timeout. Source: docs/api.md of ollama 0.17.
 */
export function createOllamaModel(options: OllamaOptions): Model {
  const wire: Wire = { provider: 'ollama', place: placeOf(options.baseUrl) };
  const base = options.baseUrl.replace(/\/+$/, '');
  const fetch = options.fetch ?? createHttpFetch();
  const post = (path: string, body: object, signal: AbortSignal) =>
    fetch(`${base}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body), signal });
  return {
    provider: 'ollama',
    async chat(request) {
      const answer = openAnswer('ollama', request);
      const send = () => post('/api/chat', toWire(request, options.keepAlive), request.signal);
      return exchange(wire, request, send, (response) => readAnswer(wire, request, response, answer));
    },
    async embed(request) {
      const { model, inputs, signal } = request;
      const startedAt = performance.now();
      const keep = options.keepAlive === undefined ? {} : { keep_alive: options.keepAlive };
      const send = () => post('/api/embed', { model, input: inputs, ...keep }, signal);
      return exchange(wire, request, send, async (response) => {
        const { embeddings, prompt_eval_count } = (await response.json()) as Partial<EmbedResponse>;
        return embedResult('ollama', request, { vectors: embeddings, inputTokens: prompt_eval_count }, startedAt);
      });
    },
    async list(signal) {
      return (await listOllamaTags(options.baseUrl, fetch, signal)).map((tag) => tag.name);
    },
  };
}

/** The models a server has. Rejects with MODEL_UNREACHABLE or CANCELLED. */
export async function listOllamaTags(baseUrl: string, fetch: Fetch, signal: AbortSignal): Promise<OllamaTag[]> {
  const wire: Wire = { provider: 'ollama', place: placeOf(baseUrl) };
  try {
    const url = `${baseUrl.replace(/\/+$/, '')}/api/tags`;
    const response = await fetch(url, { method: 'GET', headers: {}, signal });
    if (!response.ok) throw await statusError(wire, 'any', response);
    const { models } = (await response.json()) as ListResponse;
    return models.map(({ name, details }) => ({ name, canChat: canChat(name, details?.families ?? []) }));
  } catch (thrown) {
    throw transportError(wire, 'any', thrown, { signal, hasAnswer: false });
  }
}

const json = { 'content-type': 'application/json' };

function toWire(request: ChatRequest, keepAlive: string | undefined): WireRequest {
  return {
    model: request.model,
    messages: request.messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
    ...(request.schema === undefined ? {} : { format: request.schema }),
    // Without num_ctx the prompt is cut silently, without num_predict the answer has no end.
    options: {
      num_ctx: request.contextTokens,
      num_predict: request.maxTokens,
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.seed === undefined ? {} : { seed: request.seed }),
    },
  };
}

async function readAnswer(wire: Wire, request: ChatRequest, response: Response, answer: Answer): Promise<ChatResult> {
  const buffer = createLineBuffer();
  let end: WireResponse | undefined;
  const take = (line: string) => {
    const part = JSON.parse(line) as WireResponse & { error?: string };
    if (part.error !== undefined) throw brokeOff(wire, request.model, part.error);
    answer.add(part.message?.content ?? '');
    if (part.done) end = part;
  };
  for await (const piece of pieces(response.body)) {
    request.onProgress?.();
    for (const line of buffer.push(piece)) take(line);
  }
  if (buffer.rest() !== '') take(buffer.rest());
  if (end === undefined) throw brokeOff(wire, request.model, 'the stream ended before the answer did');
  return answer.end({
    finishReason: end.done_reason === 'length' ? 'length' : 'stop',
    inputTokens: end.prompt_eval_count,
    outputTokens: end.eval_count,
    loadMs: end.load_duration === undefined ? undefined : end.load_duration / 1e6,
  });
}

/** Encoders such as bert and nomic-bert only make embeddings; asked to chat, they answer 400. */
function canChat(name: string, families: readonly string[]): boolean {
  return !families.some((family) => family.includes('bert')) && !/embed/i.test(name);
}
