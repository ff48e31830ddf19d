import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@parley/contracts';
import { unavailable } from './model-source.ts';

/** A model as the server is to have it. */
export interface ModelImport {
  readonly name: string;
  readonly folder: string;
  /** Inside the folder; their paths are kept. */
  readonly files: readonly string[];
  readonly template?: string;
  readonly stop?: readonly string[];
}

/** Half the processors: threads that spin on busy ones made 1 token a second where a single thread made 18. */
const threads = Math.max(1, Math.floor(availableParallelism() / 2));

/** The server's models, without the tag "latest". */
export async function listModels(url: string): Promise<string[]> {
  const { models } = (await (await call(`${url}/api/tags`)).json()) as { models: { name: string }[] };
  return models.map(({ name }) => name.replace(/:latest$/, '')).sort();
}

/**
 * Gives the server a model. Over the API, because the program's own `create` flattens the paths of files, so that one
 * config.json replaces the other.
 * @throws ParleyError MODEL_UNREACHABLE: the server refuses it.
 */
export async function importModel(url: string, { name, folder, files, template, stop }: ModelImport): Promise<void> {
  const digests: Record<string, string> = {};
  for (const file of files) digests[file] = await sendFile(url, join(folder, file));
  const parameters = { num_thread: threads, ...(stop === undefined ? {} : { stop }) };
  const about = { model: name, files: digests, parameters, ...(template === undefined ? {} : { template }) };
  const answer = await call(`${url}/api/create`, { method: 'POST', body: JSON.stringify(about) });
  // Progress, a line of JSON each; a refusal comes among them after a status of 200.
  const lines = (await answer.text()).trim().split('\n');
  if (!lines.at(-1)?.includes('"success"')) throw unavailable(`Ollama could not import ${name}: ${lines.at(-1)}`);
}

async function sendFile(url: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  const digest = `sha256:${hash.digest('hex')}`;
  const blob = `${url}/api/blobs/${digest}`;
  if ((await fetch(blob, { method: 'HEAD' })).ok) return digest;
  await call(blob, { method: 'POST', body: await openAsBlob(file) });
  return digest;
}

async function call(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, init).catch((thrown) => {
    throw unavailable(`Ollama broke off at ${url}: ${messageOf(thrown.cause ?? thrown)}`);
  });
  if (!answer.ok)
    throw unavailable(`Ollama answered ${answer.status} at ${url}: ${(await answer.text()).slice(0, 500)}`);
  return answer;
}
