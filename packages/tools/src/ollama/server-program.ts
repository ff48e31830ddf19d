import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type CommandOptions, runCommand } from '../command.ts';
import { logTail } from '../component/daemon.ts';
import { makeOnce } from '../component/shared-folder.ts';
import { exe, onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';
import { sharedFolder, unavailable } from './model-source.ts';

const version = '0.17.4';
/** A Go module never holds folders called "vendor"; this crate carries the headers that Ollama's is left without. */
const headersCrate = { name: 'llama-cpp-sys-2', version: '0.1.161' };
const headers = ['nlohmann', 'miniaudio', 'stb'];

/** What a build needs and PATH lacks. */
export function missingTools(): string[] {
  return ['go', 'cargo', 'gcc', 'g++'].filter((tool) => onPath(tool).length === 0);
}

/** Where the built program is, or would be. */
function builtServer(home: string): string {
  return join(sharedFolder(home), `${version}-${march() ?? process.arch}`, `ollama${exe}`);
}

/** A server's program on this machine. */
export interface ServerProgram {
  readonly bin: string;
  readonly source: 'PARLEY_OLLAMA_BIN' | 'installed' | 'built';
  /** Such as "0.17.4". */
  readonly version: string;
}

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

async function buildServer(home: string, say: Say): Promise<string> {
  const bin = builtServer(home);
  const folder = dirname(bin);
  const announcement = `Building Ollama ${version} into ${folder}, once; that takes minutes …`;
  const lock = join(sharedFolder(home), 'build.lock');
  await makeOnce({ folder, lock, code: 'MODEL_UNREACHABLE', announcement, doing: 'building', say }, async (beside) => {
    const out = join(beside, 'out');
    await compile(await fetchHeaders(beside), out, beside);
    return out;
  });
  return bin;
}

/** A folder of C headers. */
async function fetchHeaders(beside: string): Promise<string> {
  const crate = join(beside, 'crate');
  const include = join(beside, 'include');
  await mkdir(join(crate, 'src'), { recursive: true });
  await writeFile(join(crate, 'src', 'lib.rs'), '');
  const about = '[package]\nname = "headers"\nversion = "0.0.0"\nedition = "2021"\n';
  const needs = `[dependencies]\n${headersCrate.name} = "=${headersCrate.version}"\n`;
  await writeFile(join(crate, 'Cargo.toml'), about + needs);
  await step(join(beside, 'log'), 'cargo', ['vendor', '-q', 'vendor'], { cwd: crate });
  const vendored = join(crate, 'vendor', headersCrate.name, 'llama.cpp', 'vendor');
  for (const name of headers) await cp(join(vendored, name), join(include, name), { recursive: true });
  return include;
}

async function compile(include: string, out: string, beside: string): Promise<void> {
  const optimised = ['-O3', ...(march() === undefined ? [] : [`-march=${march()}`])].join(' ');
  const env = {
    ...process.env,
    GOBIN: out,
    CGO_ENABLED: '1',
    // Quoted, because Go splits it at spaces.
    CGO_CPPFLAGS: `"-I${include}"`,
    CGO_CFLAGS: optimised,
    CGO_CXXFLAGS: optimised,
  };
  const linked = `-ldflags=-s -w -X github.com/ollama/ollama/version.Version=${version}`;
  const args = ['install', '-p=2', '-trimpath', '-buildvcs=false', linked, `github.com/ollama/ollama@v${version}`];
  // Whoever waits for it goes on working.
  const [file, first] = process.platform === 'win32' ? ['go', []] : ['nice', ['-n', '15', 'go']];
  await step(join(beside, 'log'), file, [...first, ...args], { env });
}

async function step(log: string, file: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { code, output } = await runCommand(file, args, options);
  await writeFile(log, output);
  if (code === 0) return;
  throw unavailable(
    `Ollama ${version} could not be built ("${file}" ended with ${code}); the log ${log} ends with:\n` +
      `${await logTail(log)}\nInstall Ollama, or name its program in PARLEY_OLLAMA_BIN.`,
  );
}

/**
 * The instruction set: portable code answers three times slower, and code for AVX2 dies on a processor without it.
 * Source: x86-64 psABI, micro-architecture levels.
 */
function march(): string | undefined {
  if (process.arch !== 'x64' || !existsSync('/proc/cpuinfo')) return undefined;
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
  const level3 = ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'];
  return level3.every((flag) => flags.includes(flag)) ? 'x86-64-v3' : undefined;
}
