import { expect, test } from '@jest/globals';
import type { EffectRequest, Instant } from '@parley/contracts';
import { defaultRunLimits, effectClasses, type ProposedCall } from '@parley/contracts/run';
import { foldEquals, runDecider, type Timed } from '@parley/testkit';
import fc from 'fast-check';
import { maxRetryCount, run } from './run.ts';
import type { RunEffect, RunEvent, RunInput, RunState } from './run-state.ts';

const usage = { inputTokens: 10, outputTokens: 5 };
const long = 'x'.repeat(5_000);

const proposal: fc.Arbitrary<ProposedCall> = fc.oneof(
  fc.record({
    tool: fc.constantFrom('calculator', 'mail'),
    args: fc.constant({ text: long }),
    argsHash: fc.constantFrom('a', 'b'),
    effectClass: fc.constantFrom(...effectClasses),
    needsApproval: fc.boolean(),
  }),
  fc.constant({ tool: 'ask_user', args: {}, argsHash: 'q', asks: 'Which tea?' }),
  fc.constant({ tool: 'rm', code: 'UNKNOWN_TOOL', reason: 'There is none.' } as const),
);
/** What the world does next: a number picks what is open, the rest is what comes of it. */
const step = fc.record({
  pick: fc.nat(20),
  how: fc.constantFrom('works', 'works', 'works', 'fails', 'is away', 'dies', 'a person answers', 'a message', 'again'),
  calls: fc.array(proposal, { maxLength: 4 }),
  answer: fc.constantFrom(
    ...(['approved', 'denied', 'done', 'not-done', 'words'] as const).map((is) => ({ is, text: 'Green.' })),
  ),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const limits = { ...defaultRunLimits, steps: 4, calls: 6, parallelCalls: 2 };

/** Plays a run against a world of such steps: effects are answered in any order, once, late, or never. */
function play(steps: readonly Step[]) {
  const inputs: Timed<RunInput>[] = [{ type: 'start-run.v1', data: { agent: 'a', version: 1, input: long, limits } }];
  const answered = new Set<string>();
  let at: Instant = 0;
  for (const { pick, how, calls, answer } of steps) {
    at += 1_000;
    const { effects, events } = runDecider(run, inputs);
    const open = effects.filter(({ key }) => key !== 'deadline' && (how === 'again' || !answered.has(key)));
    const asked = events.filter(({ type }) => type === 'question-asked.v1');
    const question = asked[pick % Math.max(1, asked.length)];
    if (how === 'a message') inputs.push({ at, input: { type: 'add-message.v1', data: { text: long } } });
    else if (how === 'a person answers' && question?.type === 'question-asked.v1') {
      const data = { question: question.data.question, answer } as never;
      inputs.push({ at, input: { type: 'answer-question.v1', data } });
    } else {
      const effect = open[pick % Math.max(1, open.length)];
      if (effect === undefined) continue;
      answered.add(effect.key);
      inputs.push({ at, input: outcome(effect, how, calls) });
    }
  }
  return { inputs, at };
}

function outcome(
  { key, effect, isIdempotent }: EffectRequest<RunEffect>,
  how: Step['how'],
  calls: Step['calls'],
): RunInput {
  const of = { effect: effect.type, key };
  if (effect.type === 'timer') return { type: 'effect.succeeded', ...of, result: {} };
  if (how === 'fails') return { type: 'effect.failed', ...of, code: 'FAILED', reason: long };
  if (how === 'is away') return { type: 'effect.failed', ...of, code: 'AWAY', reason: long, isPassing: true };
  if (how === 'dies' && !isIdempotent) return { type: 'effect.outcome-unknown', ...of };
  const thought = { text: long, calls, model: 'm', isRehearsal: true, usage };
  const result = effect.type === 'think' ? thought : { output: long, outputHash: 'h', cutCharacters: 0 };
  return { type: 'effect.succeeded', ...of, result } as unknown as RunInput;
}

const dataOf = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) =>
  events.flatMap((event) => (event.type === type ? [event.data as Extract<RunEvent, { type: T }>['data']] : []));

test('whatever comes, no call is made without leave, none that harms is repeated by itself, and the run ends', () => {
  const ends = new Map<string, number>();
  let largest = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { inputs, at } = play(steps);
      const { state, events, effects } = runDecider(run, inputs);
      foldEquals(run, events, state);
      const proposed = new Map(
        dataOf(events, 'thought.v1').flatMap(({ thought, calls }) =>
          calls.map((call, i): [string, ProposedCall] => [`${thought}.${i + 1}`, call]),
        ),
      );
      const answers = dataOf(events, 'question-answered.v1');
      for (const { call, attempt } of dataOf(events, 'call-started.v1')) {
        const asked = proposed.get(call);
        if (asked === undefined || !('needsApproval' in asked)) throw new Error(`${call} was never allowed.`);
        const said = (question: string, is: string) =>
          answers.some((one) => one.question === question && one.answer.is === is);
        if (asked.needsApproval) expect(said(`${call}/approval`, 'approved')).toBe(true);
        // Given out again only where a person said that it had not been done.
        if (attempt > 1) expect(said(`${call}/outcome/${attempt - 1}`, 'not-done')).toBe(true);
      }
      const made = effects.filter(({ effect }) => effect.type === 'call');
      for (const { key, isIdempotent } of made) if (!isIdempotent) expect(key).not.toContain('@');
      expect(new Set(made.map(({ key }) => key)).size).toBe(made.length);
      expect(dataOf(events, 'call-started.v1').filter(({ attempt }) => attempt === 1).length).toBeLessThanOrEqual(6);
      expect(dataOf(events, 'thought.v1').length).toBeLessThanOrEqual(limits.steps + 1);
      expect(dataOf(events, 'thought-rejected.v1').length).toBeLessThanOrEqual(
        (limits.steps + 2) * (maxRetryCount + 1),
      );
      // Texts are in the log: a state has what is open, and one reason.
      largest = Math.max(largest, sizeOf(state));
      const deadline: RunInput = { type: 'effect.succeeded', effect: 'timer', key: 'deadline', result: {} };
      const over = runDecider(run, [...inputs, { at: at + 300_000, input: deadline }]);
      expect(over.state).toEqual({ phase: 'over' });
      const last = over.events.at(-1)?.type ?? '';
      ends.set(last, (ends.get(last) ?? 0) + 1);
    }),
    { numRuns: 2_000 },
  );
  expect(largest).toBeLessThan(25_000);
  expect(ends.get('run-replied.v1')).toBeGreaterThan(10);
});

const sizeOf = (state: RunState): number => JSON.stringify(state).length;
