import { ParleyError } from '@parley/contracts';
import {
  closedStatuses,
  debateKind,
  type ReplayDebateV1,
  type ReplayRules,
  type ReplayView,
  replayKind,
} from '@parley/contracts/debate';
import { newId } from '@parley/runtime';
import type { Sql } from '@parley/spine';
import type { RequestContext } from '../../api/request-context.ts';
import type { Command, CommandWork } from '../../streams/command.ts';
import { createEnvelope as envelope } from '../../streams/envelope.ts';
import type { Answer } from '../../streams/idempotency-store.ts';
import type { StreamStore } from '../../streams/stream-store.ts';
import type { Streams } from '../../streams/streams.ts';
import type { Debates } from '../debates/debates.ts';
import { emptyListing, viewOf } from './replay-listing.ts';

export interface ReplaysDeps {
  readonly command: Command;
  readonly streams: Streams;
  readonly store: StreamStore;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
  readonly debates: Pick<Debates, 'existing'>;
}

const over = new Set<string>(closedStatuses);
const shown = 100;

/** Judging a finished debate again, by other rules, for every protocol. */
export function createReplays({ command, streams, store, debates, checkQuota }: ReplaysDeps) {
  /** @throws ParleyError NOT_FOUND, also for a replay of another debate */
  async function find(tenant: string, debate: string, id: string): Promise<ReplayView> {
    await streams.find(tenant, debateKind, debate);
    const row = await streams.find(tenant, replayKind, id);
    if (row.parent !== debate) throw new ParleyError('NOT_FOUND', `There is no replay ${id} of debate ${debate}.`);
    return viewOf(row);
  }

  return {
    find,

    /** @throws ParleyError NOT_FOUND, NOT_FINISHED */
    start(context: RequestContext, debate: string, rules: ReplayRules): Promise<Answer> {
      const { tenant } = context;
      const work: CommandWork = async (tx, write) => {
        const { status, title } = await debates.existing(tx, tenant, debate);
        if (!over.has(status)) {
          const message = `Debate ${debate} is ${status}; only one that is over can be replayed. Cancel it, or wait.`;
          throw new ParleyError('NOT_FINISHED', message);
        }
        await checkQuota(tx, tenant);
        const id = newId();
        const summary = { ...emptyListing, rules };
        const row = { id, kind: replayKind.name, tenant, status: 'accepted', title, summary, parent: debate };
        await store.accept(tx, row);
        const asked: ReplayDebateV1 = { replay: id, rules };
        await write(replayKind.commands, envelope(context, `replay/${id}`, debate, 'replay-debate.v1', asked));
        return { status: 202, response: { id, debate, status: row.status } };
      };
      return command(context, rules, work, { audit: { action: 'debate.replay', target: debate } });
    },

    /** Newest first. @throws ParleyError NOT_FOUND */
    async newest(tenant: string, debate: string): Promise<ReplayView[]> {
      const { id } = await streams.find(tenant, debateKind, debate);
      return (await streams.children(tenant, replayKind, id, shown)).map(viewOf);
    },
  };
}
export type Replays = ReturnType<typeof createReplays>;
