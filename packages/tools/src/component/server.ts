import { type ErrorCode, ParleyError } from '@parley/contracts';

const pollMs = 50;

export type StopSignal = 'SIGTERM' | 'SIGKILL';

/** One server of a component, whatever runs it: a process or a container. */
export interface Server {
  /** Its name in messages, such as "Broker 1". */
  readonly what: string;
  /** Its log's file, or the command that shows it. */
  readonly logFile: string;
  /** The pid of its first process; undefined when it does not run. */
  pid(): Promise<number | undefined>;
  /** Starts it without waiting until it answers; one that runs is left as it is. */
  start(): Promise<void>;
  /** True when it answers. Asked only while it runs: a port alone would do for a stranger on it. */
  isReady(): Promise<boolean>;
  /** Resolves when it is gone, and its data is not. */
  stop(how: StopSignal): Promise<void>;
  /** The last lines of its log, for a message. */
  logTail(): Promise<string>;
  /** Takes away what is not in the component's folder. */
  remove?(): Promise<void>;
}

/**
 * Resolves when the server answers.
 * @throws ParleyError `code`: it has ended, or does not answer in time; with the end of its log.
 */
export async function untilReady(server: Server, code: ErrorCode, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const isAlive = (await server.pid()) !== undefined;
    if (isAlive && (await server.isReady())) return;
    if (!isAlive || Date.now() > end) {
      const what = isAlive ? `does not answer after ${timeoutMs} ms` : 'has ended';
      const log = `its log ${server.logFile} ends with:\n${await server.logTail()}`;
      throw new ParleyError(code, `${server.what} ${what}; ${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

export async function areRunning(servers: readonly Server[]): Promise<boolean> {
  return !(await Promise.all(servers.map((server) => server.pid()))).includes(undefined);
}
