import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../command.ts';
import type { Say } from '../progress.ts';
import { onPath } from '../search-path.ts';
import { buildServer, builtServer, missingTools } from './server-build.ts';
import type { ServerProgram } from './server-place.ts';
import { unavailable } from './unavailable.ts';

/**
 * The first of: the program that the caller names, `ollama` on PATH, one that is built into the cache folder at first
 * use, where Go, Cargo and GCC are.
 * @throws ParleyError MODEL_UNREACHABLE: none is to be had, and what to do.
 */
export async function findProgram(home: string, named: string | undefined, say: Say): Promise<ServerProgram> {
  const present = await presentProgram(home, named);
  if (present !== undefined) return present;
  const missing = missingTools();
  if (missing.length > 0) {
    throw unavailable(
      `No Ollama found: "ollama" is not on PATH, and it cannot be built without ${missing.join(', ')}. ` +
        'Install Ollama, or name its program in PARLEY_OLLAMA_BIN.',
    );
  }
  return inspect(await buildServer(home, say), 'built');
}

/** As `findProgram`, but builds nothing: undefined when there is none yet. */
export async function presentProgram(home: string, named: string | undefined): Promise<ServerProgram | undefined> {
  if (named) return inspect(resolve(named), 'PARLEY_OLLAMA_BIN');
  const [installed] = onPath('ollama');
  if (installed !== undefined) return inspect(resolve(installed), 'installed');
  const built = builtServer(home);
  return existsSync(built) ? inspect(built, 'built') : undefined;
}

async function inspect(bin: string, source: ServerProgram['source']): Promise<ServerProgram> {
  // A port where nobody is: otherwise it tells the version of a server that runs here already.
  const { code, output } = await runCommand(bin, ['--version'], {
    env: { ...process.env, OLLAMA_HOST: '127.0.0.1:1' },
  });
  const version = /version is (\d\S*)/.exec(output)?.[1];
  if (code === 0 && version !== undefined) return { bin, source, version };
  const remedy =
    source === 'PARLEY_OLLAMA_BIN' ? 'Name a program that runs there.' : 'Name another in PARLEY_OLLAMA_BIN.';
  throw unavailable(`"${bin}" is no Ollama that runs (${source}): ${output.trim().slice(-500)} ${remedy}`);
}
