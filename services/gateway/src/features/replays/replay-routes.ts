import { debateKind, replayKind, replayPage, replayRulesSchema, replayView } from '@parley/contracts/debate';
import { z } from 'zod';
import { commandAnswers, faults, json, keyHeader, problem, unknown } from '../../api/openapi-answers.ts';
import { type Route, route } from '../../api/route.ts';
import { replyOf } from '../../streams/command.ts';
import { streamParams } from '../../streams/control-route.ts';
import type { Replays } from './replays.ts';

const params = streamParams(debateKind);
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
      tool: {
        name: 'replay_debate',
        title: 'Judge a debate again',
        description: 'Reads a finished debate by other rules or another judge. The debate stays as it was.',
        bodyIn: 'rules',
        stream: { kind: replayKind, view: 'getReplay', viewParams: ({ id, debate }) => ({ id: debate, replay: id }) },
      },
      body: { schema: replayRulesSchema, examples: replayExamples },
      responses: {
        202: json(replayView.pick({ id: true, debate: true, status: true }), 'Accepted; follow Location.'),
        ...unknown('debate'),
        ...commandAnswers,
        409: problem('In flight, or the debate is not over yet (NOT_FINISHED).'),
        ...faults,
      },
      async handle({ params: { id: debate }, body, context }) {
        const answer = await replays.start(context, debate, body);
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
      handle: async ({ context, params: { id } }) => ({ body: { replays: await replays.newest(context.tenant, id) } }),
    }),
    route({
      method: 'get',
      path: '/v1/debates/{id}/replays/{replay}',
      id: 'getReplay',
      needs: 'read',
      summary: 'Where it would have stopped and what the verdict would be, beside what was.',
      params: replayParams,
      responses: { 200: json(replayView, 'The replay.'), ...unknown('debate or replay'), ...faults },
      handle: async ({ context, params: { id, replay } }) => ({ body: await replays.find(context.tenant, id, replay) }),
    }),
  ];
}
