import type { Fact } from '@parley/contracts';
import type { End, Presented } from '../../domain/presented.ts';

/** What a fact of a replay is to every protocol. */
export function presentReplay({ type, data }: Fact): Presented | undefined {
  const ended = (status: End['status'], reason: string): Presented => ({
    status,
    end: { status, reason, isCutShort: false, data: {} },
  });
  switch (type) {
    case 'replay-started.v1':
      return { status: 'working' };
    case 'replay-waiting.v1':
      return { progress: waitingFor(data.reason) };
    case 'replay-finished.v1':
      return ended('completed', 'finished');
    case 'replay-failed.v1':
      return ended('failed', data.reason);
    default:
      return undefined;
  }
}

export const waitingFor = (reason: string): string => `Waiting for the judge's model: ${reason}`;
