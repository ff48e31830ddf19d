import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '@parley/contracts';
import { type OddModelServer, oddHabits, openOddModelServer } from '@parley/testkit';
import { type Ended, openFaultClient, type Role, roles, runFault, type Wire, wires } from './fault-calls.ts';
import { faultTable, type Outcome, outcomesIn } from './fault-table.ts';

/** Failures that pass by themselves; every other code is for good. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'MODEL_UNREACHABLE',
  'MODEL_OVERLOADED',
  'MODEL_TIMEOUT',
  'MODEL_STALLED',
  'MODEL_BROKE_OFF',
]);

let server: OddModelServer;
const ended = new Map<string, Ended>();
const keyOf = (habit: string, wire: Wire, role: Role, models: 'alone' | 'with-another') =>
  [habit, wire, role, models].join('/');

/** Works through the list, so many at once. */
async function sideBySide<T>(list: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...list];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

beforeAll(async () => {
  server = await openOddModelServer();
  const client = openFaultClient(server.baseUrl);
  const cases = [...oddHabits.keys()].flatMap((habit) =>
    wires.flatMap((wire) => roles.map((role) => ({ habit, wire, role }))),
  );
  const calls = (['alone', 'with-another'] as const).flatMap((models) => cases.map((one) => ({ ...one, models })));
  await sideBySide(calls, 100, async ({ habit, wire, role, models }) => {
    // A name of its own for each, so that no case learns from another.
    const odd = `${wire}/${habit}@${role}-${models}`;
    const names = models === 'alone' ? [odd] : [odd, `${wire}/plain`];
    ended.set(keyOf(habit, wire, role, models), await runFault(client, role, names));
  });
}, 60_000);
afterAll(() => server.close());

test('the table has every habit of the server, and no other', () => {
  expect(Object.keys(faultTable).sort()).toEqual([...oddHabits.keys()].sort());
});

const endOf = (habit: string, wire: Wire, role: Role, models: 'alone' | 'with-another'): Ended => {
  const end = ended.get(keyOf(habit, wire, role, models));
  if (end === undefined) throw new Error(`${habit} was not run`);
  return end;
};
const said = ({ result, error }: Ended): Outcome => (result === undefined ? (error?.code ?? 'INTERNAL') : 'answers');

for (const wire of wires) {
  for (const role of roles) {
    describe(`a ${role} on the wire of ${wire}`, () => {
      test.each(Object.keys(faultTable))('%s ends as the table says', (habit) => {
        const end = endOf(habit, wire, role, 'alone');
        expect(outcomesIn(habit, wire, role)).toContain(said(end));
        // A call that used all of its own time would use it again.
        const isSpent = end.error?.message.includes('within its budget') === true;
        if (end.error !== undefined) expect(end.error.retryable).toBe(passing.has(end.error.code) && !isSpent);
        expect(`${end.error?.message}`).not.toContain('sk-secret');
      });

      test.each(Object.keys(faultTable))('%s leaves the next model its turn', (habit) => {
        expect(said(endOf(habit, wire, role, 'with-another'))).toBe('answers');
      });
    });
  }
}

test('no thought is published, and what is published begins with the answer', () => {
  let answers = 0;
  for (const { result, heard } of ended.values()) {
    expect(heard).not.toContain('I doubt my side');
    if (result === undefined) continue;
    answers += 1;
    expect(result.text).not.toContain('I doubt my side');
    if (heard !== '') expect(heard.startsWith(result.text)).toBe(true);
  }
  expect(answers).toBeGreaterThan(500);
});

test('counts of tokens are whole and not negative, whatever the server counts', () => {
  for (const { result } of ended.values()) {
    if (result === undefined) continue;
    for (const count of [result.inputTokens, result.outputTokens, result.reasoningTokens ?? 0]) {
      expect(Number.isSafeInteger(count) && count >= 0 && count < 1_000_000).toBe(true);
    }
  }
});

test('an answer without end is cut at a sentence and used', () => {
  for (const wire of wires) {
    const { result } = endOf('endless-text-fast', wire, 'speaker', 'alone');
    expect(result?.finishReason).toBe('length');
    expect(result?.text.endsWith('And so it goes.')).toBe(true);
    expect(result?.text.length).toBeLessThanOrEqual(400 * 4 * 4);
    expect(result?.oddities).toContain('cut');
  }
});

test('a server that says when to come again is heard', () => {
  for (const wire of wires) {
    expect(endOf('rate-limit-seconds', wire, 'speaker', 'alone').error?.retryAfterMs).toBe(5_000);
    expect(endOf('status-503', wire, 'speaker', 'alone').error?.retryAfterMs).toBe(5_000);
    const dated = endOf('rate-limit-date', wire, 'speaker', 'alone').error?.retryAfterMs ?? 0;
    expect(dated).toBeGreaterThan(30_000);
    expect(dated).toBeLessThanOrEqual(60_000);
  }
});

test.each([
  ['quota-spent', /exceeded your current quota.*Raise it/],
  ['context-too-long', /maximum context length is 4096/],
  ['redirect', /redirects to http:\/\/other\.example.*not followed/],
  ['thoughts-only', /tokens on thoughts and gave no answer.*more tokens.*thinking off.*another model/],
  ['nothing-until-the-limit', /spent about \d+ tokens on thoughts and gave no answer/],
  ['tool-calls', /called a tool that nobody offered/],
  ['empty-text', /without any text/],
  ['html', /it sent a page for people/],
  ['error-of-400-megabytes', /answered 500.*x{3}/],
])('%s says what happened and what to do', (habit, sentence) => {
  for (const wire of wires) expect(endOf(habit, wire, 'speaker', 'alone').error?.message).toMatch(sentence);
});

test('what a server refused once is not asked of it again', async () => {
  const client = openFaultClient(server.baseUrl);
  for (const wire of wires) {
    const name = `${wire}/nothing-but-messages@remembered`;
    await runFault(client, 'speaker', [name]);
    const before = server.requests.get('nothing-but-messages@remembered')?.length ?? 0;
    await runFault(client, 'speaker', [name]);
    expect(server.requests.get('nothing-but-messages@remembered')?.length).toBe(before + 1);
  }
});

test('a model that thinks until its limit gets room once, and keeps it', async () => {
  const client = openFaultClient(server.baseUrl);
  for (const wire of wires) {
    const name = 'thoughts-until-room@once';
    const before = server.requests.get(name)?.length ?? 0;
    for (let n = 0; n < 2; n += 1) {
      expect((await runFault(client, 'speaker', [`${wire}/${name}`])).result?.reasoningTokens).toBeGreaterThan(0);
    }
    expect(server.requests.get(name)?.length).toBe(before + 3);
  }
});

test('no connection is left open by answers that were left', async () => {
  while ((await server.connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await server.connections()).toBe(0);
});
