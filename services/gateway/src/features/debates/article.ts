import { ParleyError } from '@parley/contracts';
import {
  type DebateClosedV1,
  debateKind,
  defaultTopic,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  type VerdictGivenV1,
} from '@parley/contracts/debate';
import { z } from 'zod';
import { commandAnswers, faults, json, keyHeader, unknown } from '../../api/openapi-answers.ts';
import { type Route, route } from '../../api/route.ts';
import { replyOf } from '../../streams/command.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import type { FeatureParts } from '../../streams/feature.ts';
import type { Debates } from './debates.ts';

const startQuery = z.strictObject({
  topic: startDebateBody.shape.topic.optional(),
  rounds: z.coerce.number().int().min(1).max(32).optional(),
});
const historyQuery = z.strictObject({ debate: z.uuid().toLowerCase().optional() });

const historyView = z.object({
  id: z.uuid(),
  topic: z.string(),
  status: z.string(),
  stopReason: z.string().nullable(),
  messages: z.array(z.object({ agent: z.string(), side: z.string(), round: z.int(), content: z.string() })),
});

const teams = { pro: 'Team A', con: 'Team B' } as const;

export interface ArticleDeps extends FeatureParts {
  readonly debates: Debates;
}

/**
 * The two routes of the article: a debate is started by GET, so that `curl` without options does it.
 * Source: Rajaei and Li 2024, Multi-Agent-as-a-Service, "Example: multi-agent debate system".
 */
export function articleRoutes({ debates, streams, command, checkQuota }: ArticleDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/agent/start_debate',
      id: 'startDebateByGet',
      needs: 'write',
      isUnsafe: true,
      summary: 'Start a debate as in the article: by GET, so that `curl` without options does it.',
      query: startQuery,
      headers: keyHeader,
      responses: {
        202: json(z.object({ id: z.uuid(), topic: z.string(), status: z.string(), history: z.string() }), 'Accepted.'),
        ...commandAnswers,
        ...faults,
      },
      async handle({ query, context }) {
        const { topic = defaultTopic, rounds } = query;
        const data = startDebateOf({ topic, ...(rounds === undefined ? {} : { maxRounds: rounds }) });
        const answer = await command(context, query, async (tx, write) => {
          await checkQuota(tx, context.tenant);
          const { id, topic, status } = await debates.accept(tx, context, data, write);
          return { status: 202, response: { id, topic, status, history: `/agent/chat-history?debate=${id}` } };
        });
        return replyOf(answer, '/v1/debates');
      },
    }),
    route({
      method: 'get',
      path: '/agent/chat-history',
      id: 'getChatHistory',
      needs: 'read',
      summary: 'What was said, by team; of the newest debate if none is named.',
      query: historyQuery,
      responses: { 200: json(historyView, 'The debate so far.'), ...unknown('debate'), ...faults },
      async handle({ context: { tenant }, query }) {
        const id = query.debate ?? (await debates.page(tenant, { limit: 1 })).debates[0]?.id;
        if (id === undefined) {
          throw new ParleyError('NOT_FOUND', 'There is no debate yet. Start one: GET /agent/start_debate.');
        }
        const { title } = await streams.find(tenant, debateKind, id);
        return { body: historyOf(id, title, await streams.log(tenant, id)) };
      },
    }),
  ];
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
