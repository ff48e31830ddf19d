import {
  type DebateClosedV1,
  debateKind,
  defaultTopic,
  ParleyError,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  type VerdictGivenV1,
} from '@parley/contracts';
import { callerOf, onlyMethods, parse } from '@parley/runtime';
import type { Sql } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { needs } from '../../access/guard.ts';
import type { Command } from '../../streams/command.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { reply, requestContextOf } from '../../streams/request-context.ts';
import type { Streams } from '../../streams/streams.ts';
import type { Debates } from './debates.ts';

export const startQuery = z.strictObject({
  topic: startDebateBody.shape.topic.optional(),
  rounds: z.coerce.number().int().min(1).max(32).optional(),
});
export const historyQuery = z.strictObject({ debate: z.uuid().toLowerCase().optional() });

const teams = { pro: 'Team A', con: 'Team B' } as const;

export interface ArticleDeps {
  readonly debates: Debates;
  readonly streams: Streams;
  readonly command: Command;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
}

/**
 * The two routes of the article: a debate is started by GET, so that `curl` without options does it.
 * Source: Rajaei and Li 2024, Multi-Agent-as-a-Service, "Example: multi-agent debate system".
 */
export function articleRoutes({ debates, streams, command, checkQuota }: ArticleDeps): Router {
  const router = Router();

  router.get('/agent/start_debate', needs('write'), async (request, response) => {
    const query = parse(startQuery, request.query, 'query');
    const data = startDebateOf({
      topic: query.topic ?? defaultTopic,
      ...(query.rounds === undefined ? {} : { maxRounds: query.rounds }),
    });
    const context = requestContextOf(request, response);
    const answer = await command(context, query, async (tx, write) => {
      await checkQuota(tx, context.tenant);
      const { id, topic, status } = await debates.accept(tx, context, data, write);
      return { status: 202, response: { id, topic, status, history: `/agent/chat-history?debate=${id}` } };
    });
    reply(response, answer);
  });

  router.get('/agent/chat-history', async (request, response) => {
    const query = parse(historyQuery, request.query, 'query');
    const { tenant } = callerOf(response);
    const id = query.debate ?? (await debates.page(tenant, { limit: 1 })).debates[0]?.id;
    if (id === undefined) {
      throw new ParleyError('NOT_FOUND', 'There is no debate yet. Start one: GET /agent/start_debate.');
    }
    const { title } = await streams.find(tenant, debateKind, id);
    response.json(historyOf(id, title, await streams.log(tenant, id)));
  });

  for (const path of ['/agent/start_debate', '/agent/chat-history']) router.all(path, onlyMethods('GET'));
  return router;
}

function historyOf(id: string, topic: string, events: readonly StreamEvent[]) {
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
