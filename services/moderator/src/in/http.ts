import {
  type Checks,
  type DebateClosedV1,
  type DebateStartedV1,
  defaultTopic,
  ParleyError,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  type VerdictGivenV1,
} from '@parley/contracts';
import { newId, parse } from '@parley/runtime';
import type { Spine, StoredEvent } from '@parley/spine';
import { Router } from 'express';
import { z } from 'zod';
import { debate } from '../domain/debate.ts';
import { withChecks } from './topics.ts';

const startQuery = z.strictObject({
  topic: startDebateBody.shape.topic.optional(),
  rounds: z.coerce.number().int().min(1).max(32).optional(),
});
const historyQuery = z.strictObject({ debate: z.uuid().optional() });

const teams = { pro: 'Team A', con: 'Team B' } as const;

export interface ArticleDeps {
  /** How closely a debate's turns are looked at. */
  readonly defaults: Checks;
  readonly receive: Spine['receive'];
  readonly readStreams: Spine['readStreams'];
  latestDebate(): Promise<string | undefined>;
}

/**
 * The two routes of the article: a debate is started by GET, so that `curl` without options does it.
 * Source: Rajaei and Li 2024, Multi-Agent-as-a-Service, "Example: multi-agent debate system".
 */
export function articleRoutes(deps: ArticleDeps): Router {
  const router = Router();

  router.get('/agent/start_debate', async (request, response) => {
    const query = parse(startQuery, request.query, 'query');
    const command = startDebateOf({
      topic: query.topic ?? defaultTopic,
      ...(query.rounds === undefined ? {} : { maxRounds: query.rounds }),
    });
    const id = newId();
    const traceparent: string = response.locals.traceparent;
    const input = { type: 'start-debate.v1', data: withChecks(command, deps.defaults) };
    await deps.receive([{ id: `start/${id}`, kind: debate.kind, stream: id, input, traceparent }]);
    response
      .status(202)
      .json({ id, topic: command.topic, status: 'accepted', history: `/agent/chat-history?debate=${id}` });
  });

  router.get('/agent/chat-history', async (request, response) => {
    const query = parse(historyQuery, request.query, 'query');
    const id = query.debate ?? (await deps.latestDebate());
    if (id === undefined) {
      throw new ParleyError('NOT_FOUND', 'There is no debate yet. Start one: GET /agent/start_debate.');
    }
    const events = await deps.readStreams([id]);
    // The streams of replays are no debates.
    if (!events.some((event) => event.type === 'debate-started.v1'))
      throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
    response.json(historyOf(id, events));
  });

  return router;
}

function historyOf(id: string, events: readonly StoredEvent[]) {
  const dataOf = <T>(type: string) => events.filter((e) => e.type === type).map((e) => e.data as unknown as T);
  const turns = dataOf<TurnRecordedV1>('turn-recorded.v1');
  const [closed] = dataOf<DebateClosedV1>('debate-closed.v1');
  return {
    id,
    topic: dataOf<DebateStartedV1>('debate-started.v1')[0]?.topic,
    status: closed?.status ?? 'debating',
    stopReason: closed?.stopReason ?? null,
    verdict: dataOf<VerdictGivenV1>('verdict-given.v1')[0]?.verdict ?? null,
    isRehearsal: turns.some((turn) => turn.isRehearsal),
    messages: turns.map(({ side, round, text, model }) => ({ agent: teams[side], side, round, content: text, model })),
  };
}
