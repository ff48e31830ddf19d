// What `npm start -- --no-debate` costs when nothing happens, and how soon it answers. Linux: reads /proc.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from './harness.ts';
import { cpuSeconds, rssMb } from './proc.ts';

const main = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));
const times = 5;
const idleSeconds = 20;
const port = 18_080;

function start(dataDir: string): ChildProcess {
  const args = ['--disable-warning=ExperimentalWarning', main, 'up', '--no-debate', '--data-dir', dataDir];
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), PARLEY_MODEL: 'rehearsal' };
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

async function firstAnswerMs(began: number): Promise<number> {
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${port}/v1/debates`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return performance.now() - began;
    await wait(10);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

const fresh: number[] = [];
const existing: number[] = [];
let idle = { cpuPercentOfOneCore: 0, rssMb: 0 };
const home = mkdtempSync(join(tmpdir(), 'parley-idle-'));
for (let n = 0; n < times; n++) {
  for (const list of [fresh, existing]) {
    const began = performance.now();
    const child = start(join(home, String(n)));
    list.push(await firstAnswerMs(began));
    if (n === times - 1 && list === existing) {
      const pid = child.pid ?? 0;
      await wait(2_000);
      const before = cpuSeconds(pid);
      await wait(idleSeconds * 1_000);
      idle = { cpuPercentOfOneCore: ((cpuSeconds(pid) - before) / idleSeconds) * 100, rssMb: rssMb(pid) };
    }
    await stop(child);
  }
}
rmSync(home, { recursive: true });
console.log(
  JSON.stringify({ n: times, firstAnswerMs: { fresh: median(fresh), existing: median(existing) }, idleSeconds, idle }),
);
