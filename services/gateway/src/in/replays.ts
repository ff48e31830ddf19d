import {
  closedStatuses,
  type DebateSummary,
  ParleyError,
  type ReplayDebateV1,
  replayRulesSchema,
} from '@parley/contracts';
import { callerOf, newId, onlyMethods, parse } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import type { ReplayStore } from '../store/replays.ts';
import { onBehalfOf } from '../store/tenant.ts';
import type { createCommand } from './command.ts';
import { createEnvelope as envelope } from './envelope.ts';

export interface ReplayRoutesDeps {
  readonly db: Database;
  readonly replays: ReplayStore;
  readonly command: ReturnType<typeof createCommand>;
  /** @throws ParleyError NOT_FOUND, also for another tenant's */
  existing(sql: Sql, tenant: string, id: string): Promise<DebateSummary>;
}

const path = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const replayPath = path.extend({ replay: z.uuid('a replay id is a UUID').toLowerCase() });
const over = new Set<DebateSummary['status']>(closedStatuses);
const shown = 100;

/** Judging a finished debate again, by other rules. */
export function replayRoutes(deps: ReplayRoutesDeps): Router {
  const router = Router();
  const { db, replays, command, existing } = deps;

  router.post('/v1/debates/:id/replays', async (request, response) => {
    const { id: debate } = parse(path, request.params, 'path');
    const rules = parse(replayRulesSchema, request.body ?? {}, 'body');
    const { tenant } = callerOf(response);
    await command(
      request,
      response,
      rules,
      async (tx, write) => {
        const { status } = await existing(tx, tenant, debate);
        if (!over.has(status)) {
          const message = `Debate ${debate} is ${status}; only one that is over can be replayed. Cancel it, or wait.`;
          throw new ParleyError('NOT_FINISHED', message);
        }
        const id = newId();
        const view = await replays.accept(tx, tenant, id, debate, rules);
        const asked: ReplayDebateV1 = { replay: id, rules };
        await write(envelope(response, `replay/${id}`, debate, 'replay-debate.v1', asked));
        return { status: 202, response: { id, debate, status: view.status } };
      },
      { within: `/v1/debates/${debate}/replays` },
    );
  });

  router.get('/v1/debates/:id/replays', async (request, response) => {
    const { id } = parse(path, request.params, 'path');
    const { tenant } = callerOf(response);
    const mine = onBehalfOf(db, tenant);
    await existing(mine, tenant, id);
    response.json({ replays: await replays.newest(mine, tenant, id, shown) });
  });

  router.get('/v1/debates/:id/replays/:replay', async (request, response) => {
    const { id, replay } = parse(replayPath, request.params, 'path');
    const { tenant } = callerOf(response);
    const mine = onBehalfOf(db, tenant);
    await existing(mine, tenant, id);
    const found = await replays.find(mine, tenant, id, replay);
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no replay ${replay} of debate ${id}.`);
    response.json(found);
  });

  router.all('/v1/debates/:id/replays', onlyMethods('GET', 'POST'));
  router.all('/v1/debates/:id/replays/:replay', onlyMethods('GET'));
  return router;
}
