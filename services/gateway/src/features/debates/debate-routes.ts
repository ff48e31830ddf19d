import {
  acceptedView,
  cancelDebateBody,
  debateKind,
  debatePage,
  debateView,
  noteBody,
  pageQuery,
  pauseDebateBody,
  resumeDebateBody,
  startDebateBody,
} from '@parley/contracts/debate';
import { bareExamples, commandAnswers, faults, json, keyHeader, unknown } from '../../api/openapi-answers.ts';
import { type Route, route } from '../../api/route.ts';
import type { ToolStream } from '../../api/route-tool.ts';
import { replyOf } from '../../streams/command.ts';
import { type ControlRoute, controlRoute, streamParams } from '../../streams/control-route.ts';
import type { Controls, Debates } from './debates.ts';

const params = streamParams(debateKind);
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
const cancelExamples = { reason: { summary: 'Why, for the record.', value: { reason: 'The question is settled.' } } };

/** A tool may wait for the debate's end. */
const stream: ToolStream = {
  kind: debateKind,
  view: 'getDebate',
  wait: 'Answer when the debate is over; its turns come as progress until then. Otherwise answer at once.',
};

/** Debates: started, listed, read and controlled. */
export function debateRoutes({ debates }: { readonly debates: Debates }): Route[] {
  const control = <Word extends keyof Controls>(
    word: Word,
    id: string,
    summary: string,
    answer: string,
    body: ControlRoute<Controls[Word]>['body'],
  ): Route =>
    controlRoute({
      ...{ kind: debateKind, word, id, summary, answer, body },
      send: (context, debate, asked) => debates.control(context, debate, word, asked),
    });

  return [
    route({
      method: 'post',
      path: '/v1/debates',
      id: 'startDebate',
      needs: 'write',
      summary: 'Start a debate. The answer comes after it is durable.',
      headers: keyHeader,
      body: { schema: startDebateBody, examples: startExamples, isRequired: true },
      tool: {
        name: 'start_debate',
        title: 'Start a debate',
        description: 'Two teams argue for and against a topic until nothing new is said; a judge decides.',
        stream,
      },
      responses: { 202: json(acceptedView, 'Accepted; follow Location.'), ...commandAnswers, ...faults },
      async handle({ body, context }) {
        return replyOf(await debates.start(context, body), '/v1/debates');
      },
    }),
    route({
      method: 'get',
      path: '/v1/debates/{id}',
      id: 'getDebate',
      needs: 'read',
      summary: 'A debate with its turns, stop reason and verdict.',
      params,
      tool: {
        name: 'get_debate',
        title: 'Read a debate',
        description: 'A debate with its turns, the reason of its end, the verdict and what it cost.',
        stream,
      },
      responses: { 200: json(debateView, 'The debate.'), ...unknown('debate'), ...faults },
      handle: async ({ context, params: { id } }) => ({ body: await debates.view(context.tenant, id) }),
    }),
    route({
      method: 'get',
      path: '/v1/debates',
      id: 'listDebates',
      needs: 'read',
      summary: 'Debates, newest first, all of them or those that the query asks for.',
      query: pageQuery,
      tool: {
        name: 'list_debates',
        title: 'List debates',
        description: 'Debates, newest first, a page at a time.',
      },
      responses: { 200: json(debatePage, 'One page.'), ...faults },
      handle: async ({ context, query }) => ({ body: await debates.page(context.tenant, query) }),
    }),
    control('cancel', 'cancelDebate', 'Cancel a running debate.', 'The cancellation is on its way.', {
      schema: cancelDebateBody,
      examples: cancelExamples,
    }),
    control(
      'pause',
      'pauseDebate',
      'Take the floor away, also in the middle of a turn. The deadline keeps running.',
      'The pause is on its way.',
      { schema: pauseDebateBody, examples: bareExamples },
    ),
    control('resume', 'resumeDebate', 'Give the floor again.', 'The resumption is on its way.', {
      schema: resumeDebateBody,
      examples: bareExamples,
    }),
    control(
      'notes',
      'addNote',
      'A note of a person to both sides, which goes with the next turns.',
      'The note is on its way.',
      { schema: noteBody, examples: noteExamples },
    ),
  ];
}
