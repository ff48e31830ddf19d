import {
  type DebateClosedV1,
  defaultTopic,
  ParleyError,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  type VerdictGivenV1,
} from '@parley/contracts';
import { callerOf, newId, onlyMethods, parse } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { needs } from '../../access/guard.ts';
import { onBehalfOf } from '../../access/tenant.ts';
import type { Command } from '../../streams/command.ts';
import { createEnvelope as envelope } from '../../streams/envelope.ts';
import { type DebateEvent, type EventStore, maxEvents } from '../../streams/event-store.ts';
import { reply, requestContextOf } from '../../streams/request-context.ts';
import type { DebateStore } from './debate-store.ts';

export const startQuery = z.strictObject({
  topic: startDebateBody.shape.topic.optional(),
  rounds: z.coerce.number().int().min(1).max(32).optional(),
});
export const historyQuery = z.strictObject({ debate: z.uuid().toLowerCase().optional() });

const teams = { pro: 'Team A', con: 'Team B' } as const;

export interface ArticleDeps {
  readonly db: Database;
  readonly debates: DebateStore;
  readonly events: EventStore;
  readonly command: Command;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
}

/**
 * The two routes of the article: a debate is started by GET, so that `curl` without options does it.
 * Source: Rajaei and Li 2024, Multi-Agent-as-a-Service, "Example: multi-agent debate system".
 */
export function articleRoutes({ db, debates, events, command, checkQuota }: ArticleDeps): Router {
  const router = Router();

  router.get('/agent/start_debate', needs('write'), async (request, response) => {
    const query = parse(startQuery, request.query, 'query');
    const data = startDebateOf({
      topic: query.topic ?? defaultTopic,
      ...(query.rounds === undefined ? {} : { maxRounds: query.rounds }),
    });
    const context = requestContextOf(request, response);
    const { tenant } = context;
    const answer = await command(context, query, async (tx, write) => {
      await checkQuota(tx, tenant);
      const id = newId();
      const { topic, status } = await debates.accept(tx, tenant, id, data);
      await write(envelope(context, `start/${id}`, id, 'start-debate.v1', data));
      return { status: 202, response: { id, topic, status, history: `/agent/chat-history?debate=${id}` } };
    });
    reply(response, answer);
  });

  router.get('/agent/chat-history', async (request, response) => {
    const query = parse(historyQuery, request.query, 'query');
    const { tenant } = callerOf(response);
    const mine = onBehalfOf(db, tenant);
    const id = query.debate ?? (await debates.page(mine, tenant, 1, {}))[0]?.id;
    if (id === undefined) {
      throw new ParleyError('NOT_FOUND', 'There is no debate yet. Start one: GET /agent/start_debate.');
    }
    const found = await debates.find(mine, tenant, id);
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
    response.json(historyOf(id, found.topic, await events.after(mine, tenant, id, 0, maxEvents)));
  });

  for (const path of ['/agent/start_debate', '/agent/chat-history']) router.all(path, onlyMethods('GET'));
  return router;
}

function historyOf(id: string, topic: string, events: readonly DebateEvent[]) {
  const dataOf = <T>(type: string) => events.filter((e) => e.type === type).map((e) => e.data as unknown as T);
  const turns = dataOf<TurnRecordedV1>('turn-recorded.v1');
  const [closed] = dataOf<DebateClosedV1>('debate-closed.v1');
  return {
    id,
    topic,
    status: closed?.status ?? 'debating',
    stopReason: closed?.stopReason ?? null,
    verdict: dataOf<VerdictGivenV1>('verdict-given.v1')[0]?.verdict ?? null,
    isRehearsal: turns.some((turn) => turn.isRehearsal),
    messages: turns.map(({ side, round, text, model }) => ({ agent: teams[side], side, round, content: text, model })),
  };
}
