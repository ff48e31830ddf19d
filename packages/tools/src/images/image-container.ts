import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** As long as the chart gives a gateway. */
const graceMs = 30_000;

/** A container of an image, in the foreground of this process. */
export interface ImageContainer {
  /** Its exit code. */
  readonly exited: Promise<number>;
  /** What it has said so far. */
  output(): string;
  /** SIGTERM, and SIGKILL after half a minute. Resolves when nothing is left of it. */
  stop(): Promise<void>;
}

/**
 * @param file program that runs the container, passes signals on and ends with its exit code
 * @param remove kills what still runs, and leaves nothing of the container
 */
export function runContainer(
  file: string,
  args: readonly string[],
  remove: () => Promise<unknown>,
  env: NodeJS.ProcessEnv = process.env,
): ImageContainer {
  const child: ChildProcess = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = once(child, 'close').then(([code]) => (code as number | null) ?? -1);
  return {
    exited,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => void remove(), graceMs);
      await exited;
      clearTimeout(kill);
      await remove();
    },
  };
}
