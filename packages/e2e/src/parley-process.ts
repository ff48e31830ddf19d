import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

export interface ParleyProcess {
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Everything it printed. */
  output(): string;
}

export interface ProgramOptions {
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface ParleyProcessOptions {
  readonly dataDir: string;
  /** A free one is taken without it. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Another program than the product's own, for the negative controls. */
  readonly script?: string;
}

const startMs = 120_000;

/** Starts the product as its own process on real files, and waits until it says where it listens. */
export function startParley({ dataDir, port = 0, env, script = main }: ParleyProcessOptions): Promise<ParleyProcess> {
  return startProgram({ script, args: ['up', '--no-debate', '--port', String(port), '--data-dir', dataDir], env });
}

/** Starts a program that serves Parley, and waits until it says where it listens. */
export async function startProgram({ script, args, env }: ProgramOptions): Promise<ParleyProcess> {
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      // A start takes half a second less of the processor when Node has compiled the files before.
      ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
      PARLEY_MODEL: 'rehearsal',
      PARLEY_REHEARSAL_LATENCY_MS: '5',
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Parley did not start in ${startMs} ms:\n${output}`)), startMs);
    const look = (): void => {
      const found = /Parley is up at (\S+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.on('data', look);
    void exited.then(({ code, signal }) => {
      clearTimeout(timer);
      reject(new Error(`Parley ended (${code ?? signal}) before it was up:\n${output}`));
    });
  });
  return { url, pid: child.pid ?? 0, exited, kill: (signal) => void child.kill(signal), output: () => output };
}
