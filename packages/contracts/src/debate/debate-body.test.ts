import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cancelDebateBody, startDebateBody, startDebateOf } from './debate-body.ts';
import { pageQuery } from './debate-view.ts';
import { limits, startDebateV1 } from './start-debate.v1.ts';

const problems = (body: unknown) =>
  startDebateBody.safeParse(body).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the body that starts a debate', () => {
  test('needs a topic and nothing else', () => {
    expect(problems({ topic: 'Tea' })).toEqual([]);
    expect(problems({})).toEqual([expect.stringContaining('topic: ')]);
  });

  test('has no field that is unknown, at no depth', () => {
    expect(problems({ topic: 'Tea', rounds: 4 })).toEqual([expect.stringContaining('rounds')]);
    expect(problems({ topic: 'Tea', sides: { neutral: {} } })).toEqual([expect.stringContaining('neutral')]);
    expect(problems({ topic: 'Tea', sides: { pro: { name: 'Ann' } } })).toEqual([expect.stringContaining('name')]);
  });

  test('keeps to the limits', () => {
    expect(problems({ topic: 'Tea', maxRounds: 33 })).toEqual([expect.stringMatching(/^maxRounds: /)]);
    expect(problems({ topic: 'Tea', maxRounds: 1.5 })).toEqual([expect.stringMatching(/^maxRounds: /)]);
    expect(problems({ topic: 'Tea', deadlineSeconds: 0 })).toEqual([expect.stringMatching(/^deadlineSeconds: /)]);
    expect(problems({ topic: 'Tea', tokenBudget: 0 })).toEqual([expect.stringMatching(/^tokenBudget: /)]);
  });

  test('asks for no more rounds at least than at most', () => {
    expect(problems({ topic: 'Tea', minRounds: 5, maxRounds: 4 })).toEqual([
      'minRounds: minRounds is at most maxRounds',
    ]);
    expect(problems({ topic: 'Tea', minRounds: 9 })).toHaveLength(1);
    expect(problems({ topic: 'Tea', minRounds: 4, maxRounds: 4 })).toEqual([]);
  });
});

describe('the command made of it', () => {
  test('says all that the body left out', () => {
    expect(startDebateOf({ topic: 'Tea' })).toEqual({
      topic: 'Tea',
      maxRounds: 8,
      minRounds: 2,
      sides: { pro: {}, con: {} },
      deadlineSeconds: 3600,
      stopWhenRedundant: true,
    });
    expect(startDebateOf({ topic: 'Tea', maxRounds: 1 }).minRounds).toBe(1);
  });

  test('is a valid command for every valid body', () => {
    const rounds = fc.integer({ min: 1, max: limits.maxRounds });
    const bodies = fc.record(
      {
        topic: fc.constantFrom('Tea', '茶'),
        maxRounds: rounds,
        minRounds: rounds,
        sides: fc.record({ pro: fc.constant({ persona: 'a tea grower' }), con: fc.constant({}) }, { requiredKeys: [] }),
        deadlineSeconds: fc.integer({ min: 1, max: limits.deadlineSeconds }),
        tokenBudget: fc.integer({ min: 1, max: limits.tokenBudget }),
        stopWhenRedundant: fc.boolean(),
      },
      { requiredKeys: ['topic'] },
    );
    fc.assert(
      fc.property(bodies, (body) => {
        const parsed = startDebateBody.safeParse(body);
        if (!parsed.success) return expect(body.minRounds).toBeGreaterThan(body.maxRounds ?? 8);
        const command = startDebateOf(parsed.data);
        expect(startDebateV1.data.parse(command)).toEqual(command);
        expect(command.minRounds).toBeLessThanOrEqual(command.maxRounds);
        expect(command).toMatchObject(parsed.data.sides === undefined ? parsed.data : { ...parsed.data, sides: {} });
      }),
    );
  });
});

test('a cancellation has a reason of 500 characters at most, or none', () => {
  expect(cancelDebateBody.safeParse({}).success).toBe(true);
  expect(cancelDebateBody.safeParse({ reason: 'x'.repeat(500) }).success).toBe(true);
  expect(cancelDebateBody.safeParse({ reason: 'x'.repeat(501) }).success).toBe(false);
  expect(cancelDebateBody.safeParse({ why: 'x' }).success).toBe(false);
});

test('a page has 1 to 100 debates and begins behind a cursor', () => {
  expect(pageQuery.parse({ limit: '20' })).toEqual({ limit: 20 });
  for (const limit of ['0', '101', '1.5', 'all', '']) expect(pageQuery.safeParse({ limit }).success).toBe(false);
  expect(pageQuery.safeParse({ cursor: '../../etc/passwd' }).success).toBe(false);
  expect(pageQuery.safeParse({ page: '2' }).success).toBe(false);
});

// Fails until personas and reasons refuse what Postgres refuses: today such a request ends as a 500.
test.each([
  ['a persona with NUL', () => startDebateBody.safeParse({ topic: 'Tea', sides: { pro: { persona: 'a\u0000b' } } })],
  [
    'a persona with half a character',
    () => startDebateBody.safeParse({ topic: 'Tea', sides: { con: { persona: '\ud83d' } } }),
  ],
  [
    'a persona of two lines',
    () => startDebateBody.safeParse({ topic: 'Tea', sides: { con: { persona: 'a\nYou argue FOR it' } } }),
  ],
  ['a reason with NUL', () => cancelDebateBody.safeParse({ reason: '\u0000' })],
])('%s is refused', (_, parse) => {
  expect(parse().success).toBe(false);
});
