import { type Answer, openAnswer } from './answer.ts';
import { answerBounds } from './answer-bounds.ts';
import { createLineBuffer, readPieces } from './body.ts';
import { embeddingBounds, embedResult } from './embedding.ts';
import { exchange, garbage, readObject } from './exchange.ts';
import { createHabits } from './habits.ts';
import { createHttpFetch, type Fetch } from './http-fetch.ts';
import { type Manner, roomOf } from './manner.ts';
import type { ChatRequest, ChatResult, Model } from './model.ts';
import { entriesIn, listBounds } from './model-list.ts';
import { ollamaFields, sentToOllama, toOllama } from './ollama-request.ts';
import { askPersistently } from './persistent.ts';
import { statusError } from './status-error.ts';
import { brokeOff, placeOf, transportError, type Wire } from './wire-error.ts';

export interface OllamaOptions {
  /** Address such as http://127.0.0.1:11434. */
  readonly baseUrl: string;
  readonly fetch?: Fetch;
  /** Time for which the server keeps the model loaded after a call, in its own notation, such as `10m`. */
  readonly keepAlive?: string;
}

/** What `/api/tags` says about a model. */
export interface OllamaTag {
  readonly name: string;
  readonly canChat: boolean;
}

/** A line of an answer. No field is certain. */
interface Line {
  readonly message?: { readonly content?: unknown; readonly thinking?: unknown; readonly tool_calls?: unknown } | null;
  readonly done?: unknown;
  readonly done_reason?: unknown;
  readonly prompt_eval_count?: unknown;
  readonly eval_count?: unknown;
  readonly load_duration?: unknown;
  readonly error?: unknown;
}

/**
 * Ollama's own API. Always streamed, one request with its own signal per call: the npm client's calls without a stream
 * cannot be aborted and have no timeout. Source: docs/api.md of ollama 0.17.
 */
export function createOllamaModel(options: OllamaOptions): Model {
  const wire: Wire = { provider: 'ollama', place: placeOf(options.baseUrl) };
  const base = options.baseUrl.replace(/\/+$/, '');
  const fetch = options.fetch ?? createHttpFetch();
  const habits = createHabits();
  const post = (path: string, body: object, signal: AbortSignal) =>
    fetch(`${base}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body), signal });
  return {
    provider: 'ollama',
    refusedFields: habits.refusedFields,
    async chat(request) {
      const bodyOf = (manner: Manner) => toOllama(request, manner, options.keepAlive);
      const ask = (manner: Manner) => {
        const room = roomOf(request, manner);
        const answer = openAnswer('ollama', request, room);
        const send = () => post('/api/chat', bodyOf(manner), request.signal);
        return exchange(wire, request, send, (response) => readAnswer(wire, request, response, answer, room));
      };
      return askPersistently(habits, ollamaFields, request, (manner) => sentToOllama(bodyOf(manner)), ask);
    },
    async embed(request) {
      const { model, inputs, signal } = request;
      const startedAt = performance.now();
      const keep = options.keepAlive === undefined ? {} : { keep_alive: options.keepAlive };
      const send = () => post('/api/embed', { model, input: inputs, ...keep }, signal);
      return exchange(wire, request, send, async (response) => {
        const said = await readObject(wire, 'embeddings', response, embeddingBounds(inputs.length));
        const raw = { vectors: said.embeddings, inputTokens: said.prompt_eval_count };
        return embedResult('ollama', request, raw, startedAt);
      });
    },
    async list(signal) {
      return (await listOllamaTags(options.baseUrl, fetch, signal)).map((tag) => tag.name);
    },
  };
}

/** The models a server has. Rejects with MODEL_UNREACHABLE, MODEL_GARBAGE or CANCELLED. */
export async function listOllamaTags(baseUrl: string, fetch: Fetch, signal: AbortSignal): Promise<OllamaTag[]> {
  const wire: Wire = { provider: 'ollama', place: placeOf(baseUrl) };
  try {
    const url = `${baseUrl.replace(/\/+$/, '')}/api/tags`;
    const response = await fetch(url, { method: 'GET', headers: {}, signal });
    if (!response.ok) throw await statusError(wire, 'any', response);
    const { models } = await readObject(wire, 'its models', response, listBounds);
    const entries = entriesIn(models, 'name');
    if (entries === undefined) throw garbage(wire, 'its models', 'the answer is no list of them');
    return entries.map(({ name, entry }) => ({ name, canChat: canChat(name, familiesOf(entry.details)) }));
  } catch (thrown) {
    throw transportError(wire, 'any', thrown, { signal, hasAnswer: false });
  }
}

const json = { 'content-type': 'application/json' };

async function readAnswer(
  wire: Wire,
  request: ChatRequest,
  response: Response,
  answer: Answer,
  roomTokens: number,
): Promise<ChatResult> {
  const buffer = createLineBuffer();
  let end: Line | undefined;
  let isEnough = false;
  const take = (line: string) => {
    if (end !== undefined || isEnough) return;
    if (line.trimStart().startsWith('<')) {
      throw garbage(wire, `an answer of model "${request.model}"`, 'it sent a page for people');
    }
    const value: unknown = JSON.parse(line);
    const part: Line = typeof value === 'object' && value !== null ? value : {};
    request.onProgress?.();
    if (part.error != null) throw brokeOff(wire, request.model, String(part.error).slice(0, 300));
    const { content, thinking, tool_calls: tools } = part.message ?? {};
    if (typeof thinking === 'string' && !answer.think(thinking)) isEnough = true;
    if (typeof content === 'string' && !answer.add(content)) isEnough = true;
    if (tools != null && !answer.call(tools)) isEnough = true;
    if (part.done === true) end = part;
  };
  const { bytes } = answerBounds(request.maxTokens, roomTokens);
  const reading = await readPieces(response.body, bytes, (piece) => {
    for (const line of buffer.push(piece)) take(line);
    return end === undefined && !isEnough;
  });
  if (reading === 'whole' && buffer.rest() !== '') take(buffer.rest());
  if (reading === 'beyond' && answer.text === '') {
    throw brokeOff(wire, request.model, 'it sent far more than an answer takes, and no text');
  }
  if (end === undefined && !isEnough && reading !== 'beyond') {
    throw brokeOff(wire, request.model, 'the stream ended before the answer did');
  }
  const isCut = end === undefined || end.done_reason === 'length';
  const load = end?.load_duration;
  return answer.end({
    finishReason: isCut ? 'length' : 'stop',
    inputTokens: end?.prompt_eval_count,
    outputTokens: end?.eval_count,
    loadMs: typeof load === 'number' && load >= 0 ? load / 1e6 : undefined,
    oddities: isCut || end?.done_reason === 'stop' ? [] : ['finish'],
  });
}

function familiesOf(details: unknown): string[] {
  const { families } = (details ?? {}) as { families?: unknown };
  return Array.isArray(families) ? families.filter((family) => typeof family === 'string') : [];
}

/** Encoders such as bert and nomic-bert only make embeddings; asked to chat, they answer 400. */
function canChat(name: string, families: readonly string[]): boolean {
  return !families.some((family) => family.includes('bert')) && !/embed/i.test(name);
}
