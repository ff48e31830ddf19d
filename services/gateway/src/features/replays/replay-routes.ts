import { replayPage, replayRulesSchema, replayView } from '@parley/contracts/debate';
import { z } from 'zod';
import { commandAnswers, faults, json, keyHeader, problem, unknown } from '../../api/openapi-answers.ts';
import { type Route, route } from '../../api/route.ts';
import { replyOf, requestContextOf } from '../../streams/request-context.ts';
import type { Replays } from './replays.ts';

const params = z.strictObject({ id: z.uuid('a debate id is a UUID').toLowerCase() });
const replayParams = params.extend({ replay: z.uuid('a replay id is a UUID').toLowerCase() });
const replayExamples = {
  stricter: {
    summary: 'Would a lower threshold have stopped it earlier, and would three judges agree?',
    value: { thresholds: { containment: 0.4 }, judge: { panel: 3 } },
  },
};

/** Judging a finished debate again, by other rules. */
export function replayRoutes({ replays }: { readonly replays: Replays }): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/debates/{id}/replays',
      id: 'replayDebate',
      needs: 'write',
      summary:
        'Judge a debate that is over again: another judge, other thresholds, other stop rules. It stays as it was.',
      params,
      headers: keyHeader,
      body: { schema: replayRulesSchema, examples: replayExamples },
      responses: {
        202: json(replayView.pick({ id: true, debate: true, status: true }), 'Accepted; follow Location.'),
        ...unknown('debate'),
        ...commandAnswers,
        409: problem('In flight, or the debate is not over yet (NOT_FINISHED).'),
        ...faults,
      },
      async handle({ params: { id: debate }, body, request, response }) {
        const answer = await replays.start(requestContextOf(request, response), debate, body);
        return replyOf(answer, `/v1/debates/${debate}/replays`);
      },
    }),
    route({
      method: 'get',
      path: '/v1/debates/{id}/replays',
      id: 'listReplays',
      needs: 'read',
      summary: 'The replays of a debate, newest first.',
      params,
      responses: { 200: json(replayPage, 'The newest 100.'), ...unknown('debate'), ...faults },
      handle: async ({ caller, params: { id } }) => ({ body: { replays: await replays.newest(caller.tenant, id) } }),
    }),
    route({
      method: 'get',
      path: '/v1/debates/{id}/replays/{replay}',
      id: 'getReplay',
      needs: 'read',
      summary: 'Where it would have stopped and what the verdict would be, beside what was.',
      params: replayParams,
      responses: { 200: json(replayView, 'The replay.'), ...unknown('debate or replay'), ...faults },
      handle: async ({ caller, params: { id, replay } }) => ({ body: await replays.find(caller.tenant, id, replay) }),
    }),
  ];
}
