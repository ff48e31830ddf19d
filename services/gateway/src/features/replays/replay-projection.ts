import { defaultTenant, type Fact, type Message, readFact } from '@parley/contracts';
import type { Logger } from '@parley/runtime';
import type { Sql } from '@parley/spine';
import { spendingsOf } from '../../domain/spending.ts';
import type { UsageStore } from '../../streams/usage-store.ts';
import type { ReplayPatch, ReplayStore } from './replay-store.ts';

const types: ReadonlySet<string> = new Set<Fact['type']>([
  'replay-started.v1',
  'replay-waiting.v1',
  'replay-finished.v1',
  'replay-failed.v1',
]);

/** Events of replays come on the topic of debates, but are no debate's: they are not numbered among its events. */
export function isOfReplay({ type }: Message): boolean {
  return types.has(type);
}

/** Keeps the gateway's picture of one replay, and counts what its judges used, once. */
export async function projectReplay(
  deps: { readonly replays: ReplayStore; readonly usage: UsageStore; readonly logger: Logger },
  tx: Sql,
  message: Message,
): Promise<void> {
  const read = readFact(message);
  if (!read.ok) {
    deps.logger.error({ id: message.id, reason: read.reason }, 'An event of a replay cannot be read.');
    return;
  }
  const { fact } = read;
  const patch = patchOf(fact, message);
  if (patch === undefined || !(await deps.replays.apply(tx, patch)) || fact.type !== 'replay-finished.v1') return;
  const spent = spendingsOf({ usage: fact.data.usage, votes: fact.data.replay.votes });
  await deps.usage.add(tx, message.tenant ?? defaultTenant, message.time, spent);
}

function patchOf(fact: Fact, { subject: id, time }: Message): ReplayPatch | undefined {
  switch (fact.type) {
    case 'replay-started.v1':
      return { id, status: 'judging' };
    case 'replay-waiting.v1':
      return { id, status: 'judging', reason: `Waiting for the judge's model: ${fact.data.reason}` };
    case 'replay-finished.v1': {
      const { debate: _, ...result } = fact.data;
      return { id, status: 'finished', finished_at: time, result };
    }
    case 'replay-failed.v1':
      return { id, status: 'failed', finished_at: time, reason: fact.data.reason };
    default:
      return undefined;
  }
}
