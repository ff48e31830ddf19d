// What the runners share: one run as a process, medians, and the places in bench/README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs a file of this folder, which ends with a line of JSON. */
export function run<T>(file: string, env: Readonly<Record<string, string>>): T {
  const made = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(here, file)], {
    cwd: here,
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = made.stdout.trim().split('\n').at(-1) ?? '';
  if (made.status !== 0) throw new Error(`${file} ended with ${made.status ?? made.signal}: ${made.stdout}`);
  console.log(line);
  return JSON.parse(line) as T;
}

/** The peers have a folder of packages of their own. */
export function installPeers(): void {
  if (existsSync(join(here, 'peers/node_modules'))) return;
  spawnSync('npm', ['ci', '--loglevel=error'], { cwd: join(here, 'peers'), stdio: ['ignore', 2, 2] });
}

export function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
}

/** Median (least–most). */
export function spread(list: readonly number[], digits = 1): string {
  return `${median(list).toFixed(digits)} (${Math.min(...list).toFixed(digits)}–${Math.max(...list).toFixed(digits)})`;
}

/** Puts the text between the marks `<!-- name -->` and `<!-- /name -->` of bench/README.md. */
export function writeFigures(name: string, text: string): void {
  const file = join(here, 'README.md');
  const [before, rest = ''] = readFileSync(file, 'utf8').split(`<!-- ${name} -->\n`);
  const after = rest.split(`<!-- /${name} -->`)[1] ?? '\n';
  writeFileSync(file, `${before}<!-- ${name} -->\n${text}\n<!-- /${name} -->${after}`);
}
