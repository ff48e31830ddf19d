import {
  acceptedView,
  cancelDebateBody,
  debatePage,
  debateView,
  noteBody,
  pageQuery,
  pauseDebateBody,
  replayPage,
  replayRulesSchema,
  replayView,
  resumeDebateBody,
  startDebateBody,
} from '@parley/contracts';
import { z } from 'zod';
import { bareExamples, command, faults, json, keyHeader, problem, unknown } from '../../api/openapi-answers.ts';
import type { Examples, Operation } from '../../api/openapi-builder.ts';
import { historyQuery, startQuery } from './article.ts';

const params = z.object({ id: z.uuid() });
const historyView = z.object({
  id: z.uuid(),
  topic: z.string(),
  status: z.string(),
  stopReason: z.string().nullable(),
  messages: z.array(z.object({ agent: z.string(), side: z.string(), round: z.int(), content: z.string() })),
});

const startExamples = {
  shortest: { summary: 'A topic is enough.', value: { topic: 'The impact of AI on the job market' } },
  settings: {
    summary: 'Three rounds between an economist and a union leader, within ten minutes.',
    value: {
      topic: 'The impact of AI on the job market',
      maxRounds: 3,
      sides: { pro: { persona: 'An economist.' }, con: { persona: 'A union leader.' } },
      deadlineSeconds: 600,
    },
  },
  panel: {
    summary: 'Three judges, none of whom sees the votes of the others.',
    value: { topic: 'Should cities ban private cars?', judge: { panel: 3 } },
  },
};
const noteExamples = { note: { summary: 'To both sides.', value: { text: 'Please speak about costs too.' } } };
const replayExamples = {
  stricter: {
    summary: 'Would a lower threshold have stopped it earlier, and would three judges agree?',
    value: { thresholds: { containment: 0.4 }, judge: { panel: 3 } },
  },
};
const cancelExamples = { reason: { summary: 'Why, for the record.', value: { reason: 'The question is settled.' } } };

function control(
  word: string,
  id: string,
  summary: string,
  answer: string,
  schema: z.ZodType,
  examples: Examples,
): Operation {
  return {
    method: 'post',
    path: `/v1/debates/{id}/${word}`,
    id,
    summary,
    params,
    headers: keyHeader,
    body: { schema, examples },
    responses: {
      202: json(z.object({ id: z.uuid(), status: z.string() }), answer),
      ...unknown('debate'),
      ...command,
      ...faults,
    },
  };
}

export const debateOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/debates',
    id: 'startDebate',
    summary: 'Start a debate. The answer comes after it is durable.',
    headers: keyHeader,
    body: { schema: startDebateBody, examples: startExamples, isRequired: true },
    responses: { 202: json(acceptedView, 'Accepted; follow Location.'), ...command, ...faults },
  },
  {
    method: 'get',
    path: '/v1/debates',
    id: 'listDebates',
    summary: 'Debates, newest first, all of them or those that the query asks for.',
    query: pageQuery,
    responses: { 200: json(debatePage, 'One page.'), ...faults },
  },
  {
    method: 'get',
    path: '/v1/debates/{id}',
    id: 'getDebate',
    summary: 'A debate with its turns, stop reason and verdict.',
    params,
    responses: { 200: json(debateView, 'The debate.'), ...unknown('debate'), ...faults },
  },
  control(
    'cancel',
    'cancelDebate',
    'Cancel a running debate.',
    'The cancellation is on its way.',
    cancelDebateBody,
    cancelExamples,
  ),
  control(
    'pause',
    'pauseDebate',
    'Take the floor away, also in the middle of a turn. The deadline keeps running.',
    'The pause is on its way.',
    pauseDebateBody,
    bareExamples,
  ),
  control(
    'resume',
    'resumeDebate',
    'Give the floor again.',
    'The resumption is on its way.',
    resumeDebateBody,
    bareExamples,
  ),
  control(
    'notes',
    'addNote',
    'A note of a person to both sides, which goes with the next turns.',
    'The note is on its way.',
    noteBody,
    noteExamples,
  ),
  {
    method: 'post',
    path: '/v1/debates/{id}/replays',
    id: 'replayDebate',
    summary:
      'Judge a debate that is over again: another judge, other thresholds, other stop rules. It stays as it was.',
    params,
    headers: keyHeader,
    body: { schema: replayRulesSchema, examples: replayExamples },
    responses: {
      202: json(replayView.pick({ id: true, debate: true, status: true }), 'Accepted; follow Location.'),
      ...unknown('debate'),
      ...command,
      409: problem('In flight, or the debate is not over yet (NOT_FINISHED).'),
      ...faults,
    },
  },
  {
    method: 'get',
    path: '/v1/debates/{id}/replays',
    id: 'listReplays',
    summary: 'The replays of a debate, newest first.',
    params,
    responses: { 200: json(replayPage, 'The newest 100.'), ...unknown('debate'), ...faults },
  },
  {
    method: 'get',
    path: '/v1/debates/{id}/replays/{replay}',
    id: 'getReplay',
    summary: 'Where it would have stopped and what the verdict would be, beside what was.',
    params: params.extend({ replay: z.uuid() }),
    responses: { 200: json(replayView, 'The replay.'), ...unknown('debate or replay'), ...faults },
  },
  {
    method: 'get',
    path: '/agent/start_debate',
    id: 'startDebateByGet',
    summary: 'Start a debate as in the article: by GET, so that `curl` without options does it.',
    query: startQuery,
    headers: keyHeader,
    responses: {
      202: json(z.object({ id: z.uuid(), topic: z.string(), status: z.string(), history: z.string() }), 'Accepted.'),
      ...command,
      ...faults,
    },
  },
  {
    method: 'get',
    path: '/agent/chat-history',
    id: 'getChatHistory',
    summary: 'What was said, by team; of the newest debate if none is named.',
    query: historyQuery,
    responses: { 200: json(historyView, 'The debate so far.'), ...unknown('debate'), ...faults },
  },
];
