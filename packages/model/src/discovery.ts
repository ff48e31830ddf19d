import { messageOf, ParleyError } from '@parley/contracts';
import { createHttpFetch, type Fetch } from './http-fetch.ts';
import type { Provider } from './model.ts';
import { createOllamaModel, listOllamaTags } from './ollama.ts';
import { createOpenAiModel } from './openai.ts';
import { createRehearsalModel } from './rehearsal.ts';
import type { Models } from './route.ts';
import { placeOf } from './wire-error.ts';

/** An empty string is unset. */
export interface DiscoveryEnv {
  readonly OLLAMA_HOST?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_MODEL?: string | undefined;
}

export interface DiscoveryOptions {
  readonly env: DiscoveryEnv;
  /** The model that embeds, instead of a search for one; "none" is none. */
  readonly embedModel?: string | undefined;
  /** Decides instead of the search: `rehearsal`, `ollama/NAME`, `openai/NAME`, or the bare name of a server's model. */
  readonly model?: string | undefined;
  readonly fetch?: Fetch;
  /** Longest wait for each server, in milliseconds. */
  readonly probeMs?: number;
  /** Duration of a rehearsal answer, in milliseconds. */
  readonly rehearsalLatencyMs?: number;
}

export interface Discovery {
  /** Models for `createModelClient`. The rehearsal model is always among them. */
  readonly models: Models;
  readonly defaultModel: string;
  /** Makes embeddings; undefined when nothing is known that does. */
  readonly embedModel: string | undefined;
  readonly provider: Provider;
  readonly isRehearsal: boolean;
  /** One sentence for the terminal: what was chosen and why. */
  readonly explanation: string;
}

/** Address at which Ollama listens when no other is set. */
const ollamaHost = 'http://127.0.0.1:11434';

/** Either the model a server offers, or why it offers none. */
type Probe = { readonly model: string; readonly embedModel?: string | undefined } | { readonly why: string };

/**
 * Finds a model without being told: Ollama if it answers and has a chat model, else the OpenAI-compatible server that
 * is configured, else the rehearsal model. Throws CONFIG_INVALID for a URL that is none, or for a named provider that
 * is not configured.
 */
export async function discoverModel(options: DiscoveryOptions): Promise<Discovery> {
  const { env, model: named } = options;
  const fetch = options.fetch ?? createHttpFetch();
  const probeMs = options.probeMs ?? 1_000;
  const ollamaUrl = ollamaUrlOf(env.OLLAMA_HOST || ollamaHost);
  const openAiUrl = env.OPENAI_BASE_URL || undefined;
  const ollama = createOllamaModel({ baseUrl: ollamaUrl, fetch });
  const openai = openAiUrl === undefined ? undefined : openAi(env, openAiUrl, fetch);
  const rehearsal = createRehearsalModel({ latencyMs: options.rehearsalLatencyMs ?? 0 });
  const place = placeOf(ollamaUrl);

  const embedder = (found: string | undefined) => {
    if (options.embedModel === 'none') return undefined;
    return options.embedModel || found;
  };
  const choose = (
    provider: Provider,
    defaultModel: string,
    explanation: string,
    models: Models,
    foundEmbedder?: string,
  ): Discovery => ({
    models,
    defaultModel,
    embedModel: embedder(foundEmbedder),
    provider,
    isRehearsal: provider === 'rehearsal',
    explanation,
  });
  const all = { ollama, openai, rehearsal };
  if (named === 'rehearsal' || named?.startsWith('rehearsal:')) {
    return choose('rehearsal', named, `rehearsal model (asked for by name): ${notAi}`, all);
  }
  if (named?.startsWith('openai/')) {
    if (openai !== undefined)
      return choose('openai', named, `model ${named} at ${placeOf(openAiUrl ?? '')} (asked for by name)`, all);
    throw new ParleyError('CONFIG_INVALID', `Model "${named}" needs a server. Set OPENAI_BASE_URL.`);
  }
  const isOllamaNamed = named?.startsWith('ollama/') ?? false;
  const local = await within(probeMs, (signal) => probeOllama(ollamaUrl, fetch, signal));
  if ('model' in local || isOllamaNamed) {
    const note = 'why' in local ? `; warning: ${local.why}, start it with: ollama serve` : '';
    const chosen = named || ('model' in local ? local.model : '');
    const how = named ? 'asked for by name' : 'the first chat model there';
    const embeds = 'model' in local ? local.embedModel : undefined;
    return choose('ollama', chosen, `model ${chosen} of Ollama at ${place} (${how})${note}`, all, embeds);
  }
  const others = { openai, rehearsal, ollama: undefined };
  if (openai !== undefined && openAiUrl !== undefined) {
    const model = named || env.OPENAI_MODEL;
    const remote = model ? { model } : await within(probeMs, async (signal) => firstOf(await openai.list(signal)));
    if ('model' in remote) {
      return choose('openai', remote.model, `model ${remote.model} at ${placeOf(openAiUrl)} (${local.why})`, others);
    }
    const why = `${local.why}, ${placeOf(openAiUrl)} lists no model: set OPENAI_MODEL`;
    return choose('rehearsal', 'rehearsal', `rehearsal model (${why}): ${notAi}`, others);
  }
  if (named)
    return choose(
      'ollama',
      named,
      `model ${named} of Ollama at ${place}; warning: ${local.why}, start it with: ollama serve`,
      all,
    );
  return choose(
    'rehearsal',
    'rehearsal',
    `rehearsal model (${local.why}, OPENAI_BASE_URL is not set): ${notAi}`,
    others,
  );
}

const notAi = 'scripted text, not an AI';

/** OLLAMA_HOST is written without a scheme as often as with one, and 0.0.0.0 is where a server listens, not a target. */
function ollamaUrlOf(host: string): string {
  const isUrl = host.includes('://');
  const target = isUrl ? host : `http://${host}`;
  placeOf(target);
  const url = new URL(target);
  if (!isUrl && !/:\d+$/.test(host)) url.port = '11434';
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  return url.href.replace(/\/+$/, '');
}

function openAi(env: DiscoveryEnv, baseUrl: string, fetch: Fetch) {
  return createOpenAiModel({ baseUrl, fetch, ...(env.OPENAI_API_KEY ? { apiKey: env.OPENAI_API_KEY } : {}) });
}

/** Families of embedding models by the names they are published under. */
const embedders = /embed|minilm|\b(bge|e5|gte|nomic)\b/i;

async function probeOllama(baseUrl: string, fetch: Fetch, signal: AbortSignal): Promise<Probe> {
  const place = placeOf(baseUrl);
  try {
    const tags = await listOllamaTags(baseUrl, fetch, signal);
    const chat = tags.find((tag) => tag.canChat);
    // Only Ollama is searched: elsewhere an embedding model that nobody named may cost money.
    const embedModel = tags.find(({ name, canChat }) => !canChat && embedders.test(name))?.name;
    return chat ? { model: chat.name, embedModel } : { why: `Ollama at ${place} has no chat model` };
  } catch {
    // Why it does not answer makes no difference to what is chosen.
    return { why: `no Ollama at ${place}` };
  }
}

function firstOf(names: readonly string[]): Probe {
  const name = names.find((candidate) => !/embed/i.test(candidate));
  return name === undefined ? { why: 'no model listed' } : { model: name };
}

async function within(ms: number, probe: (signal: AbortSignal) => Promise<Probe>): Promise<Probe> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    return await probe(controller.signal);
  } catch (thrown) {
    return { why: messageOf(thrown) };
  } finally {
    clearTimeout(timer);
  }
}
