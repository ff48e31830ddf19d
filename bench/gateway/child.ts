// Processes of the benchmark, with as many open files as they need.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How many files a process may open here, at the most. */
export function filesLimit(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' });
  return stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout);
}

export interface Child<Said> {
  readonly process: ChildProcess;
  /** What it says first. */
  readonly hello: Said;
}

/** Starts a file of this folder, which is stopped by its channel's end. @param files it may open */
export async function startChild<Said>(file: string, files: number, env: Record<string, string>): Promise<Child<Said>> {
  const program = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL(file, import.meta.url)),
  ];
  const child = spawn('sh', ['-c', `ulimit -n ${files} && exec "$0" "$@"`, ...program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return { process: child, hello: await heard<Said>(child) };
}

/** @throws Error when it ends instead */
async function heard<Said>(child: ChildProcess): Promise<Said> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process of the benchmark ended with ${code}; what it said is above.`);
  });
  try {
    const [said] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Said];
    return said;
  } finally {
    over.abort();
    ended.catch(() => {});
  }
}

/** Tells a child something and resolves with what it answers. One at a time. */
export function ask<Answer>(child: Child<unknown>, message: object): Promise<Answer> {
  const answered = heard<Answer>(child.process);
  child.process.send(message);
  return answered;
}
