import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CommandOptions, runCommand } from '../command.ts';
import { withLock } from '../file-lock.ts';
import { logTail } from '../log-tail.ts';
import { type Say, sayWhile } from '../progress.ts';
import { exe, onPath } from '../search-path.ts';
import { sharedFolder } from './server-place.ts';
import { unavailable } from './unavailable.ts';

const version = '0.17.4';
/** A Go module never holds folders called "vendor"; this crate carries the headers that Ollama's is left without. */
const headersCrate = { name: 'llama-cpp-sys-2', version: '0.1.161' };
const headers = ['nlohmann', 'miniaudio', 'stb'];
const buildTimeoutMs = 3_600_000;

/** What a build needs and PATH lacks. */
export function missingTools(): string[] {
  return ['go', 'cargo', 'gcc', 'g++'].filter((tool) => onPath(tool).length === 0);
}

/** Where the built program is, or would be. */
export function builtServer(home: string): string {
  return join(sharedFolder(home), `${version}-${march() ?? process.arch}`, `ollama${exe}`);
}

/**
 * Builds the program into the cache folder, once.
 * @throws ParleyError MODEL_UNREACHABLE: no network, or the compiler refuses.
 */
export async function buildServer(home: string, say: Say): Promise<string> {
  const bin = builtServer(home);
  const build = async () => {
    if (existsSync(bin)) return;
    say(`Building Ollama ${version} into ${dirname(bin)}, once; that takes minutes …`);
    // Beside, then renamed: what is in place is complete, whoever dies meanwhile.
    const beside = `${dirname(bin)}.new`;
    await rm(beside, { recursive: true, force: true });
    await sayWhile(say, 'building', async () => compile(await fetchHeaders(beside), beside));
    await mkdir(dirname(bin), { recursive: true });
    await rename(join(beside, `ollama${exe}`), bin);
    await rm(beside, { recursive: true, force: true });
  };
  const lock = join(sharedFolder(home), 'build.lock');
  await withLock(lock, build, { code: 'MODEL_UNREACHABLE', timeoutMs: buildTimeoutMs });
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

async function compile(include: string, beside: string): Promise<void> {
  const optimised = ['-O3', ...(march() === undefined ? [] : [`-march=${march()}`])].join(' ');
  const env = {
    ...process.env,
    GOBIN: beside,
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
