import { ParleyError } from '@parley/contracts';

const startTimeoutMs = 90_000;
const pollMs = 50;

/** One node of a cluster, whatever runs it. */
export interface Broker {
  /** Its log's file, or the command that shows it. */
  readonly logFile: string;
  /** Starts it without waiting until it serves; one that runs is left as it is. */
  start(): Promise<void>;
  /** @throws ParleyError BUS_UNAVAILABLE: it has ended, or does not serve in time. */
  untilReady(): Promise<void>;
  /** Undefined when it does not run. */
  pid(): Promise<number | undefined>;
  /** Resolves when it is gone, and its data is not. */
  stop(how: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** A broker whose connections stay open and silent, and one that goes on. */
  signal(how: 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Takes away what is not in the cluster's folder. */
  remove(): Promise<void>;
}

/** Resolves when it serves. */
export async function untilItServes(of: {
  readonly what: string;
  readonly log: string;
  serves(): Promise<boolean>;
  isAlive(): Promise<boolean>;
  logTail(): Promise<string>;
}): Promise<void> {
  const end = Date.now() + startTimeoutMs;
  while (!(await of.serves())) {
    const isAlive = await of.isAlive();
    if (!isAlive || Date.now() > end) {
      const what = isAlive ? `does not serve after ${startTimeoutMs} ms` : 'has ended';
      throw new ParleyError(
        'BUS_UNAVAILABLE',
        `${of.what} ${what}; its log ${of.log} ends with:\n${await of.logTail()}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
