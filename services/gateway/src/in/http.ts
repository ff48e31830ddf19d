import {
  cancelDebateBody,
  closedStatuses,
  type DebateView,
  noteBody,
  ParleyError,
  type Prices,
  pageQuery,
  pauseDebateBody,
  resumeDebateBody,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  turnView,
  verdictGivenV1,
} from '@parley/contracts';
import { callerOf, newId, onlyMethods, parse } from '@parley/runtime';
import type { Sql } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { spendingsOf } from '../domain/spending.ts';
import { spentOf } from '../domain/usage.ts';
import type { FetchText } from '../out/fetch-text.ts';
import type { DebateStore } from '../store/debates.ts';
import type { ParkedStore } from '../store/parked.ts';
import type { ReplayStore } from '../store/replays.ts';
import { onBehalfOf } from '../store/tenant.ts';
import { type CommandDeps, type CommandWork, createCommand } from './command.ts';
import { createEnvelope as envelope } from './envelope.ts';
import { type EventRoutesDeps, eventRoutes } from './event-routes.ts';
import { hasAddress, withEvidence } from './evidence.ts';
import { replayRoutes } from './replays.ts';

export interface RoutesDeps extends CommandDeps, Omit<EventRoutesDeps, 'existing'> {
  readonly debates: DebateStore;
  readonly parked: ParkedStore;
  readonly replays: ReplayStore;
  readonly prices: Prices;
  readonly fetchText: FetchText;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
}

/** Streams are known by the id as it was given out: in lower case. */
const idPath = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const pageSize = 20;
const closed = new Set<string>(closedStatuses);
/** Nobody has the floor any more, nor will have. */
const silent = new Set([...closed, 'judging']);
/** More than any debate has: 64 turns of at most four events, 60 pauses and notes, and a handful of others. */
const maxEvents = 500;

export function debateRoutes(deps: RoutesDeps): Router {
  const router = Router();
  const { db, debates, events } = deps;
  const command = createCommand(deps);

  async function existing(sql: Sql, tenant: string, id: string) {
    const found = await debates.find(sql, tenant, id);
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
    return found;
  }

  router.post('/v1/debates', async (request, response) => {
    const body = parse(startDebateBody, request.body ?? {}, 'body');
    let ready = body;
    const prepare = async () => {
      ready = await withEvidence(body, deps.fetchText);
    };
    const isSlow = hasAddress(body);
    if (!isSlow) await prepare();
    const start: CommandWork = async (tx, write) => {
      await deps.checkQuota(tx, callerOf(response).tenant);
      const id = newId();
      const data = startDebateOf(ready);
      const summary = await debates.accept(tx, callerOf(response).tenant, id, data);
      await write(envelope(response, `start/${id}`, id, 'start-debate.v1', data));
      return { status: 202, response: summary };
    };
    await command(request, response, body, start, isSlow ? { prepare } : {});
  });

  router.get('/v1/debates', async (request, response) => {
    const query = parse(pageQuery, request.query, 'query');
    const limit = query.limit ?? pageSize;
    const { tenant } = callerOf(response);
    const rows = await debates.page(onBehalfOf(db, tenant), tenant, limit + 1, query.cursor);
    const page = rows.slice(0, limit);
    response.json({ debates: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null });
  });

  router.get('/v1/debates/:id', async (request, response) => {
    const { id } = parse(idPath, request.params, 'path');
    const { tenant } = callerOf(response);
    const mine = onBehalfOf(db, tenant);
    const summary = await existing(mine, tenant, id);
    const log = await events.after(mine, id, 0, maxEvents);
    // Out of its schema comes what the view promises, and nothing of a turn that this build cannot read.
    const turns = log
      .filter((event) => event.type === 'turn-recorded.v1')
      .flatMap(({ data, seq }) => turnView.safeParse({ ...(data as TurnRecordedV1), sequence: seq }).data ?? []);
    const given = verdictGivenV1.safeParse(log.find((event) => event.type === 'verdict-given.v1')?.data);
    const votes = given.data?.votes ?? [];
    const spent = log.flatMap(({ data }) => spendingsOf(data));
    const usage = spentOf(spent, deps.prices);
    const view: DebateView = { ...summary, lastSequence: log.at(-1)?.seq ?? 0, turns, votes, usage };
    response.json(view);
  });

  /** A word to a debate that goes on; whether it still does when the word arrives, the moderator decides. */
  function control<Body extends z.ZodType>(
    word: string,
    schema: Body,
    type: string,
    deadline: { readonly statuses: ReadonlySet<string>; readonly what: string },
  ): void {
    router.post(`/v1/debates/:id/${word}`, async (request, response) => {
      const { id } = parse(idPath, request.params, 'path');
      const body = parse(schema, request.body ?? {}, 'body');
      await command(request, response, body, async (tx, write) => {
        const found = await existing(tx, callerOf(response).tenant, id);
        if (deadline.statuses.has(found.status)) {
          const message = `Debate ${id} is ${found.status}; there is nothing left to ${deadline.what}.`;
          throw new ParleyError('ALREADY_CLOSED', message);
        }
        await write(envelope(response, `${word}/${newId()}`, id, type, body));
        return { status: 202, response: { id, status: found.status } };
      });
    });
    router.all(`/v1/debates/:id/${word}`, onlyMethods('POST'));
  }
  control('cancel', cancelDebateBody, 'cancel-debate.v1', { statuses: closed, what: 'cancel' });
  control('pause', pauseDebateBody, 'pause-debate.v1', { statuses: silent, what: 'pause' });
  control('resume', resumeDebateBody, 'resume-debate.v1', { statuses: silent, what: 'resume' });
  control('notes', noteBody, 'interject.v1', { statuses: silent, what: 'say' });

  router.get('/v1/parked', async (_request, response) => {
    const { tenant } = callerOf(response);
    response.json({ parked: await deps.parked.newest(onBehalfOf(db, tenant), tenant, 100) });
  });

  router.use(eventRoutes({ ...deps, existing }));
  router.use(replayRoutes({ db, replays: deps.replays, command, existing }));
  for (const path of ['/v1/debates/:id', '/v1/parked']) router.all(path, onlyMethods('GET'));
  router.all('/v1/debates', onlyMethods('GET', 'POST'));
  return router;
}
