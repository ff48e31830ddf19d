import { reasonCharacters, type Usage } from '@parley/contracts';
import type { ProposedCall } from '@parley/contracts/run';
import { evolveRun } from './evolve-run.ts';
import type { Going, RunEvent, Thought } from './run-state.ts';
import { type Decided, lastReason, settle } from './settle.ts';

type Usable = Exclude<Thought, { rejected: unknown }>;
type Reject = (state: Going, code: string, reason: string, spent: { model: string; usage: Usage }) => Decided;

const endings = {
  STEPS_SPENT: 'The steps of the run are used up, and the model would go on.',
  LOOPING: 'The same calls gave the same results again and again, and the model would make them once more.',
  TOKENS_SPENT: 'The tokens of the run are used up.',
} as const;

/** What a thought leads to: the answer, calls, or the end of what the run may use. */
export function thoughtOf(state: Going, heard: Usable, reject: Reject): Decided {
  const { text, model, usage } = heard;
  const calls = [...heard.calls];
  const { asked: thought } = state;
  if (calls.length === 0 && text.trim() === '') {
    return reject(state, 'MODEL_GARBAGE', 'it says nothing and calls no tool', { model, usage });
  }
  const said: RunEvent = {
    type: 'thought.v1',
    data: { agent: state.agent, thought, text, calls, model, isRehearsal: heard.isRehearsal, usage },
  };
  const after = evolveRun(state, said) as Going;
  const end = (code: keyof typeof endings): Decided =>
    settle(state, [said, { type: 'run-failed.v1', data: { code, reason: endings[code], used: after.used } }]);
  if (calls.length === 0) return settle(state, [said, { type: 'run-replied.v1', data: { text, used: after.used } }]);
  const last = lastReason(state);
  if (last !== undefined) return end(last);
  const { tokens = Number.POSITIVE_INFINITY } = state.limits;
  if (after.used.inputTokens + after.used.outputTokens >= tokens) return end('TOKENS_SPENT');
  const callsLeft = state.limits.calls - state.calls;
  return settle(state, [
    said,
    ...calls.flatMap((call, i) => answerTo(call, `${thought}.${i + 1}`, i < callsLeft, state)),
  ]);
}

/** What a proposed call is answered with at once: a refusal, a question, or nothing, and then it is given out. */
function answerTo(proposed: ProposedCall, call: string, isWithinBudget: boolean, { deadlineAt }: Going): RunEvent[] {
  const refusal = (code: string, reason: string): RunEvent[] => [
    { type: 'call-refused.v1', data: { call, code, reason: reason.slice(0, reasonCharacters) } },
  ];
  if ('code' in proposed) return refusal(proposed.code, proposed.reason);
  if (!isWithinBudget) return refusal('BUDGET', 'The calls of the run are used up; answer with what is there.');
  const ask = (about: 'words' | 'approval', text: string): RunEvent[] => [
    {
      type: 'question-asked.v1',
      data: { question: `${call}/${about}`, about, call, text, expiresAt: deadlineAt },
    },
  ];
  if ('asks' in proposed) return ask('words', proposed.asks);
  return proposed.needsApproval ? ask('approval', `May "${proposed.tool}" be called?`) : [];
}
