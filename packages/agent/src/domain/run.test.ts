import { describe, expect, test } from '@jest/globals';
import { defaultRunLimits, type PossibleCall, type ProposedCall, type RunLimits } from '@parley/contracts/run';
import { foldEquals, runDecider, type Timed } from '@parley/testkit';
import { run } from './run.ts';
import type { RunInput, Thought } from './run-state.ts';

const usage = { inputTokens: 10, outputTokens: 5 };
const start = (limits: Partial<RunLimits> = {}): RunInput => ({
  type: 'start-run.v1',
  data: { agent: 'helper', version: 1, input: '10 times 99', limits: { ...defaultRunLimits, ...limits } },
});
const succeeded = (effect: string, key: string, result: object): RunInput =>
  ({ type: 'effect.succeeded', effect, key, result }) as RunInput;
const thinks = (n: number, text: string, ...calls: ProposedCall[]): RunInput =>
  succeeded('think', `think/${n}`, { text, calls, model: 'm', isRehearsal: true, usage } satisfies Thought);
const failed = (effect: string, key: string, code: string, more: object = {}): RunInput => ({
  ...{ type: 'effect.failed', effect, key, code, reason: `because of ${code}`, ...more },
});
const call = (over: Partial<PossibleCall> = {}): PossibleCall => ({
  ...{ tool: 'calculator', args: { expression: '10*99' }, argsHash: 'a', effectClass: 'read', needsApproval: false },
  ...over,
});
const gives = (key: string, output = '990'): RunInput =>
  succeeded('call', `call/${key}`, { output, outputHash: output, cutCharacters: 0 });
const unknown = (key: string): RunInput => ({ type: 'effect.outcome-unknown', effect: 'call', key: `call/${key}` });
const says = (question: string, answer: object): RunInput =>
  ({ type: 'answer-question.v1', data: { question, answer } }) as RunInput;

/** What happened, in short: types of events without their version, keys of effects, codes of refusals. */
function told(...inputs: Timed<RunInput>[]) {
  const all = runDecider(run, inputs);
  foldEquals(run, all.events, all.state);
  return {
    events: all.events.map(({ type }) => type.replace('.v1', '')),
    effects: all.effects.map(({ key }) => key),
    refused: all.refused,
    last: all.events.at(-1),
    all,
  };
}

describe('a run', () => {
  test('thinks, calls a tool, thinks again with what came back, and replies', () => {
    const { events, effects, last } = told(start(), thinks(1, '', call()), gives('1.1/1'), thinks(2, 'It is 990.'));
    expect(events).toEqual([...['run-started', 'thought', 'call-started', 'call-succeeded', 'thought', 'run-replied']]);
    expect(effects).toEqual(['deadline', 'think/1', 'call/1.1/1', 'think/2']);
    expect(last?.data).toEqual({ text: 'It is 990.', used: { inputTokens: 20, outputTokens: 10 } });
  });

  test('makes the calls of one thought at once, as many as it may, and thinks when the last is closed', () => {
    const three = thinks(1, '', call(), call(), call());
    const { effects } = told(start({ parallelCalls: 2 }), three, gives('1.2/1'));
    expect(effects).toEqual(['deadline', 'think/1', 'call/1.1/1', 'call/1.2/1', 'call/1.3/1']);
    const over = told(start({ parallelCalls: 2 }), three, gives('1.2/1'), gives('1.1/1'), gives('1.3/1'));
    expect(over.effects.at(-1)).toBe('think/2');
  });

  test('makes calls that harm twice one after the other, in their order', () => {
    const once = call({ effectClass: 'once' });
    const two = [start(), thinks(1, '', once, call(), once)];
    expect(told(...two).effects.slice(2)).toEqual(['call/1.1/1', 'call/1.2/1']);
    expect(told(...two, gives('1.1/1')).effects.slice(2)).toEqual(['call/1.1/1', 'call/1.2/1', 'call/1.3/1']);
  });

  test('tells the model what it may not call, and goes on', () => {
    const no = { tool: 'rm', code: 'UNKNOWN_TOOL', reason: 'There is no tool "rm".' } as const;
    const { events, effects } = told(start(), thinks(1, '', no));
    expect(events.slice(1)).toEqual(['thought', 'call-refused']);
    expect(effects).toEqual(['deadline', 'think/1', 'think/2']);
  });

  test('hears what is said while it goes on, and nothing after its end', () => {
    const message: RunInput = { type: 'add-message.v1', data: { text: 'Be quick.' } };
    expect(told(start(), message).events).toEqual(['run-started', 'message-added']);
    expect(told(start(), thinks(1, 'Done.'), message).refused).toEqual(['ALREADY_CLOSED']);
    expect(told(message).refused).toEqual(['NOT_STARTED']);
    expect(told(start(), start()).refused).toEqual(['ALREADY_STARTED']);
  });
});

describe('a call whose outcome nobody knows', () => {
  const lost = [start(), thinks(1, '', call({ effectClass: 'once' })), unknown('1.1/1')];

  test('is not made again: a person is asked', () => {
    const { effects, last } = told(...lost);
    expect(effects).toEqual(['deadline', 'think/1', 'call/1.1/1']);
    expect(last).toMatchObject({ type: 'question-asked.v1', data: { question: '1.1/outcome/1', about: 'outcome' } });
  });

  test('is closed by "done", made again by "not done", and by nothing else', () => {
    const done = told(...lost, says('1.1/outcome/1', { is: 'done' }));
    expect(done.effects.at(-1)).toBe('think/2');
    const again = told(...lost, says('1.1/outcome/1', { is: 'not-done' }));
    expect(again.effects.at(-1)).toBe('call/1.1/2');
    expect(told(...lost, says('1.1/outcome/1', { is: 'approved' })).refused).toEqual(['WRONG_ANSWER']);
    expect(told(...lost, gives('1.1/1')).refused).toEqual(['NOT_WAITING']);
  });

  test('is made again by itself where that does no harm', () => {
    const effects = told(start(), thinks(1, '', call()), thinks(1, '', call())).all.effects;
    expect(effects.find(({ key }) => key === 'call/1.1/1')?.isIdempotent).toBe(true);
    expect(told(...lost).all.effects.find(({ key }) => key === 'call/1.1/1')?.isIdempotent).toBe(false);
  });
});

describe('a question to a person', () => {
  const asks = [start(), thinks(1, '', call({ needsApproval: true }))];

  test('holds the call until it is approved, with the arguments that were approved', () => {
    expect(told(...asks).effects).toEqual(['deadline', 'think/1']);
    const args = { expression: '10*9' };
    const { last, effects } = told(...asks, says('1.1/approval', { is: 'approved', args }));
    expect(last).toMatchObject({ type: 'call-started.v1', data: { call: '1.1', args } });
    expect(effects.at(-1)).toBe('call/1.1/1');
  });

  test('refuses the call with the reason, and its neighbours go on', () => {
    const two = [start(), thinks(1, '', call({ needsApproval: true }), call())];
    const denied = says('1.1/approval', { is: 'denied', reason: 'Not today.' });
    expect(told(...two, denied).last).toMatchObject({ data: { call: '1.1', code: 'DENIED', reason: 'Not today.' } });
    expect(told(...two, denied, gives('1.2/1')).effects.at(-1)).toBe('think/2');
  });

  test('is answered once', () => {
    const yes = says('1.1/approval', { is: 'approved' });
    expect(told(...asks, yes, yes).refused).toEqual(['NOT_ASKED']);
  });

  test('of the agent itself is closed by the words of the answer', () => {
    const { last } = told(
      start(),
      thinks(1, '', { tool: 'ask_user', args: {}, argsHash: 'q', asks: 'Which tea?' }),
      says('1.1/words', { is: 'words', text: 'Green.' }),
    );
    expect(last).toMatchObject({ type: 'call-succeeded.v1', data: { output: 'Green.' } });
  });
});

describe('what a run may use', () => {
  test('are steps: one last thought may call nothing, and then it is over', () => {
    const used = [start({ steps: 1 }), thinks(1, '', call()), gives('1.1/1')];
    expect(told(...used).all.effects.at(-1)?.effect).toMatchObject({ data: { thought: 2, isLast: 'STEPS_SPENT' } });
    expect(told(...used, thinks(2, '990.')).last?.type).toBe('run-replied.v1');
    expect(told(...used, thinks(2, '', call())).last?.data).toMatchObject({ code: 'STEPS_SPENT' });
  });

  test('are calls: those beyond are refused', () => {
    const { events } = told(start({ calls: 1 }), thinks(1, '', call(), call()));
    expect(events.slice(1)).toEqual(['thought', 'call-refused', 'call-started']);
  });

  test('are tokens, and time', () => {
    expect(told(start({ tokens: 15 }), thinks(1, '', call())).last?.data).toMatchObject({ code: 'TOKENS_SPENT' });
    expect(told(start({ tokens: 15 }), thinks(1, 'An answer.')).last?.type).toBe('run-replied.v1');
    const late = told(start(), { at: 300_000, input: succeeded('timer', 'deadline', {}) });
    expect(late.last?.data).toMatchObject({ code: 'DEADLINE_PASSED' });
    expect(late.all.effects[0]?.dueAt).toBe(300_000);
  });

  test('the same calls with the same results three times in a row end the calling', () => {
    const round = (n: number) => [thinks(n, '', call()), gives(`${n}.1/1`)];
    const three = told(start(), ...[1, 2, 3].flatMap(round));
    expect(three.all.effects.at(-1)?.effect).toMatchObject({ data: { thought: 4, isLast: 'LOOPING' } });
    const other = told(start(), ...round(1), ...round(2), thinks(3, '', call()), gives('3.1/1', '991'));
    expect(other.all.effects.at(-1)?.effect.data).not.toHaveProperty('isLast');
  });
});

describe('what fails', () => {
  test('goes back to thinking with the reason, three times, and then it is over', () => {
    const bad = (n: number) => failed('think', `think/${n}`, 'MODEL_GARBAGE');
    const { effects, events, all } = told(start(), bad(1), bad(2), bad(3), bad(4));
    expect(effects).toEqual(['deadline', 'think/1', 'think/2', 'think/3', 'think/4']);
    expect(events.slice(-2)).toEqual(['thought-rejected', 'run-failed']);
    expect(all.effects[2]?.effect).toMatchObject({ data: { lastFailure: 'because of MODEL_GARBAGE' } });
  });

  test('is forgotten by the next thought that is of use', () => {
    const inputs = [start(), failed('think', 'think/1', 'MODEL_GARBAGE'), thinks(2, '', call()), gives('2.1/1')];
    expect(told(...inputs).all.effects.at(-1)?.effect).toEqual({ type: 'think', data: { thought: 3 } });
  });

  test('without hope ends it at once; a thought that says nothing is of no use', () => {
    expect(told(start(), failed('think', 'think/1', 'MODEL_NOT_FOUND')).last?.type).toBe('run-failed.v1');
    expect(told(start(), thinks(1, '  ')).events.at(-1)).toBe('thought-rejected');
  });

  test('for a while is waited out, told once, and asked again', () => {
    const away = { isPassing: true };
    const first = told(start(), { at: 1_000, input: failed('think', 'think/1', 'MODEL_UNREACHABLE', away) });
    expect(first.last).toMatchObject({ type: 'run-waiting.v1', data: { since: 1_000, code: 'MODEL_UNREACHABLE' } });
    const timer = first.effects.at(-1) ?? '';
    const again = told(
      start(),
      { at: 1_000, input: failed('think', 'think/1', 'MODEL_UNREACHABLE', away) },
      { at: 2_000, input: succeeded('timer', timer, {}) },
      { at: 3_000, input: failed('think', 'think/1@2000', 'MODEL_UNREACHABLE', away) },
    );
    expect(again.effects.slice(0, 4)).toEqual(['deadline', 'think/1', timer, 'think/1@2000']);
    expect(again.events.filter((type) => type === 'run-waiting')).toHaveLength(1);
  });

  test('of a tool is waited out where a second try does no harm, and told to the model where it may', () => {
    const away = failed('call', 'call/1.1/1', 'TOOL_UNREACHABLE', { isPassing: true });
    expect(told(start(), thinks(1, '', call()), away).last?.data).toMatchObject({ call: '1.1', since: 0 });
    const once = told(start(), thinks(1, '', call({ effectClass: 'once' })), away);
    expect(once.last?.type).toBe('call-failed.v1');
    expect(once.effects.at(-1)).toBe('think/2');
  });
});

test('a cancelled run is over, with what it used', () => {
  const { last } = told(start(), thinks(1, '', call()), { type: 'cancel-run.v1', data: { reason: 'Enough.' } });
  expect(last).toEqual({ type: 'run-cancelled.v1', data: { reason: 'Enough.', used: usage } });
});
