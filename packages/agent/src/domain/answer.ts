import type { Answer, AnswerQuestionV1 } from '@parley/contracts/run';
import type { Going, OpenCall, RunEvent } from './run-state.ts';
import { type Decided, refuse, settle } from './settle.ts';

/** Answers that a question takes. */
const fitting: Readonly<Record<NonNullable<OpenCall['question']>['about'], readonly Answer['is'][]>> = {
  words: ['words', 'denied'],
  approval: ['approved', 'denied'],
  outcome: ['done', 'not-done', 'denied'],
};

/** A person's answer: the call is closed by it, or given out. */
export function answered(state: Going, data: AnswerQuestionV1): Decided {
  const open = state.open.find(({ question }) => question?.id === data.question);
  if (open?.question === undefined) return refuse('NOT_ASKED');
  const { answer } = data;
  if (!fitting[open.question.about].includes(answer.is)) return refuse('WRONG_ANSWER');
  return settle(state, [{ type: 'question-answered.v1', data }, ...closing(open, answer)]);
}

function closing({ call }: OpenCall, answer: Answer): RunEvent[] {
  const succeeded = (output: string): RunEvent[] => [
    { type: 'call-succeeded.v1', data: { call, output, cutCharacters: 0 } },
  ];
  switch (answer.is) {
    case 'words':
      return succeeded(answer.text);
    case 'done':
      return succeeded(answer.output ?? 'A person says that it was done.');
    case 'denied': {
      const reason = answer.reason ?? 'A person said no.';
      return [{ type: 'call-refused.v1', data: { call, code: 'DENIED', reason } }];
    }
    case 'approved':
    case 'not-done':
      return [];
  }
}
