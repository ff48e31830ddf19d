import type { Delivery } from '@parley/bus';
import { type Fact, type Message, readFact } from '@parley/contracts';
import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import type { DebatePatch, DebateStore } from '../store/debates.ts';
import type { EventStore, NewEvent } from '../store/events.ts';
import type { ParkedStore } from '../store/parked.ts';
import type { Hub } from './hub.ts';

export interface ProjectionDeps {
  readonly db: Database;
  readonly debates: DebateStore;
  readonly events: EventStore;
  readonly parked: ParkedStore;
  readonly hub: Hub;
  readonly logger: Logger;
}

/** Keeps the gateway's picture of all debates. A redelivered event changes nothing and is shown to nobody twice. */
export function createProjection(deps: ProjectionDeps): (batch: readonly Delivery[]) => Promise<void> {
  return async (batch) => {
    const events: (NewEvent & { fact: Fact })[] = [];
    const reports: Message[] = [];
    for (const { message } of batch) {
      if (message.type === 'stream-parked.v1') reports.push(message);
      else if (message.sequence !== undefined && message.source === 'moderator') {
        const read = readFact(message);
        if (!read.ok) {
          deps.logger.error({ id: message.id, reason: read.reason }, 'An event cannot be read and is left out.');
          continue;
        }
        const { subject, sequence, type, time, data } = message;
        events.push({ debate_id: subject, seq: sequence, type, at: time, data, fact: read.fact });
      }
    }
    if (events.length + reports.length === 0) return;
    const fresh = await deps.db.transaction(async (tx) => {
      for (const report of reports) await recordParked(deps, tx, report);
      if (events.length === 0) return [];
      const names = await deps.events.append(
        tx,
        events.map(({ fact: _fact, ...event }) => event),
      );
      const news = events.filter((event) => names.has(`${event.debate_id}/${event.seq}`));
      const patches = patchesOf(news);
      if (patches.length > 0) await deps.debates.apply(tx, patches);
      return news;
    });
    for (const { debate_id, seq, type, at, data } of fresh) deps.hub.publish(debate_id, { seq, type, at, data });
  };
}

async function recordParked(
  deps: ProjectionDeps,
  tx: Parameters<ParkedStore['add']>[0],
  message: Message,
): Promise<void> {
  const read = readFact(message);
  if (!read.ok || read.fact.type !== 'stream-parked.v1') return;
  await deps.parked.add(tx, message.id, read.fact.data, message.time);
  if (read.fact.data.kind === 'debate') await deps.debates.apply(tx, [{ id: message.subject, status: 'parked' }]);
}

function patchesOf(events: readonly (NewEvent & { fact: Fact })[]): DebatePatch[] {
  const patches = new Map<string, DebatePatch>();
  for (const { debate_id, fact, at } of events) {
    const patch = patchOf(fact, at);
    if (patch !== undefined) patches.set(debate_id, { ...patches.get(debate_id), ...patch, id: debate_id });
  }
  return [...patches.values()];
}

function patchOf(fact: Fact, at: string): Omit<DebatePatch, 'id'> | undefined {
  switch (fact.type) {
    case 'debate-started.v1':
      return { status: 'debating', topic: fact.data.topic, max_rounds: fact.data.maxRounds, created_at: at };
    case 'debate-stopped.v1': {
      const { stopReason, alsoTrue, detail } = fact.data;
      const said = detail === undefined ? {} : { detail };
      return { status: 'judging', stop_reason: stopReason, also_true: alsoTrue, ...said };
    }
    case 'verdict-given.v1':
      return { status: 'judging', verdict: fact.data.verdict };
    case 'debate-closed.v1':
      return { status: fact.data.status, stop_reason: fact.data.stopReason, closed_at: at };
    default:
      return undefined;
  }
}
