import { setTimeout as wait } from 'node:timers/promises';
import {
  closedStatuses,
  type DebateSummary,
  ParleyError,
  type ReplayDebateV1,
  type ReplayRules,
  type ReplayView,
} from '@parley/contracts';
import { newId } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import { onBehalfOf } from '../../access/tenant.ts';
import type { Command, CommandWork } from '../../streams/command.ts';
import { createEnvelope as envelope } from '../../streams/envelope.ts';
import type { Answer } from '../../streams/idempotency-store.ts';
import type { RequestContext } from '../../streams/request-context.ts';
import type { Debates } from '../debates/debates.ts';
import type { ReplayStore } from './replay-store.ts';

export interface ReplaysDeps {
  readonly db: Database;
  readonly replays: ReplayStore;
  readonly command: Command;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
  readonly debates: Pick<Debates, 'existing'>;
}

const over = new Set<DebateSummary['status']>(closedStatuses);
const pending = new Set<ReplayView['status']>(['accepted', 'judging']);
const shown = 100;
/** Its events are not told of: they are few, and who waits for them is patient. */
const pollMs = 500;

/** Judging a finished debate again, by other rules, for every protocol. */
export function createReplays({ db, replays, command, debates, checkQuota }: ReplaysDeps) {
  /** @throws ParleyError NOT_FOUND */
  async function find(tenant: string, debate: string, id: string): Promise<ReplayView> {
    const mine = onBehalfOf(db, tenant);
    await debates.existing(mine, tenant, debate);
    const found = await replays.find(mine, tenant, debate, id);
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no replay ${id} of debate ${debate}.`);
    return found;
  }

  return {
    find,

    /** @throws ParleyError NOT_FOUND, NOT_FINISHED */
    start(context: RequestContext, debate: string, rules: ReplayRules): Promise<Answer> {
      const work: CommandWork = async (tx, write) => {
        const { status } = await debates.existing(tx, context.tenant, debate);
        if (!over.has(status)) {
          const message = `Debate ${debate} is ${status}; only one that is over can be replayed. Cancel it, or wait.`;
          throw new ParleyError('NOT_FINISHED', message);
        }
        await checkQuota(tx, context.tenant);
        const id = newId();
        const view = await replays.accept(tx, context.tenant, id, debate, rules);
        const asked: ReplayDebateV1 = { replay: id, rules };
        await write(envelope(context, `replay/${id}`, debate, 'replay-debate.v1', asked));
        return { status: 202, response: { id, debate, status: view.status } };
      };
      return command(context, rules, work, { audit: { action: 'debate.replay', target: debate } });
    },

    /** Newest first. */
    async newest(tenant: string, debate: string): Promise<ReplayView[]> {
      const mine = onBehalfOf(db, tenant);
      await debates.existing(mine, tenant, debate);
      return replays.newest(mine, tenant, debate, shown);
    },

    /** Resolves when it is over, one way or the other. */
    async finished(tenant: string, debate: string, id: string, signal: AbortSignal): Promise<ReplayView> {
      for (;;) {
        const view = await find(tenant, debate, id);
        if (!pending.has(view.status)) return view;
        await wait(pollMs, undefined, { signal });
      }
    },
  };
}
export type Replays = ReturnType<typeof createReplays>;
