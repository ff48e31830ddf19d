import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ServiceName } from '@parley/contracts';
import { unusableExitCode } from '@parley/runtime/host';
import { serviceCommand } from './service-command.ts';

export interface ReplicaOptions {
  readonly service: ServiceName;
  /** 1..n, for the log. */
  readonly number: number;
  readonly env: Readonly<Record<string, string>>;
  /** Another program than the service's own. */
  readonly program?: string | undefined;
  /** A free one if it is 0. */
  readonly port?: number;
  /** Started again when it ends by itself. */
  readonly isKept: boolean;
  /** Every line that it writes. */
  onLine(line: string): void;
}

const restartMs = 500;

/** One service process, started again as an orchestrator would. It keeps the port that it got first. */
export class Replica {
  readonly service: ServiceName;
  readonly name: string;
  private readonly options: ReplicaOptions;
  private child: ChildProcess | undefined;
  private exited: Promise<unknown> = Promise.resolve();
  private isWanted = false;
  private restart: NodeJS.Timeout | undefined;
  private port: number;
  /** What its next life runs, if not the service's own. */
  program: string | undefined;
  restarts = 0;
  /** Why it was not started again: what it says of its settings. It would end the same way each time. */
  unusable: string | undefined;

  constructor(options: ReplicaOptions) {
    this.options = options;
    this.port = options.port ?? 0;
    this.program = options.program;
    this.service = options.service;
    this.name = `${options.service}/${options.number}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @param env beyond the usual one, for this life only. */
  start(env: Readonly<Record<string, string>> = {}): void {
    this.isWanted = true;
    this.unusable = undefined;
    const command = serviceCommand(this.service);
    const program = this.program ?? command.main;
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', command.telemetry, program],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          PATH: process.env.PATH ?? '',
          ...this.options.env,
          ...command.env,
          ...env,
          PORT: String(this.port),
        },
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.options.onLine(line));
    }
    let hasListened = false;
    let told = 'see its log';
    child.on('message', ({ listening, unusable }: { listening?: number; unusable?: string }) => {
      if (listening !== undefined) {
        this.port = listening;
        hasListened = true;
      }
      told = unusable ?? told;
    });
    this.exited = once(child, 'exit').then(([code]) => {
      if (this.child === child) this.child = undefined;
      // One that has served before finds its port taken for a moment, or its settings changed under it.
      if (code === unusableExitCode && !hasListened && this.restarts === 0) {
        this.unusable = told;
        return;
      }
      if (!this.isWanted || !this.options.isKept) return;
      this.restarts += 1;
      this.restart = setTimeout(() => this.start(), restartMs);
    });
  }

  /** True when it says that it takes requests. */
  async isReady(): Promise<boolean> {
    if (this.port === 0 || this.child === undefined) return false;
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }

  /** Sends a signal to the process as it is now. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Resolves when the process as it is now has ended. */
  get ended(): Promise<unknown> {
    return this.exited;
  }

  /** Ends it for good; with SIGKILL after `graceMs`. */
  async stop(graceMs = 30_000): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.restart);
    const child = this.child;
    if (child === undefined) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(kill);
  }
}
