import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MessageType, messageTypes } from './contexts.ts';
import { type Fact, readFact } from './fact.ts';
import type { Message } from './message.ts';

const topic = 'Tea is better than coffee';
const next = {
  round: 1,
  side: 'pro',
  topic,
  maxRounds: 8,
  profile: {},
  deadlineAt: 1_767_225_600_000,
  attempt: 1,
} as const;
const setup = {
  topic,
  maxRounds: 8,
  minRounds: 2,
  sides: { pro: {}, con: { model: 'qwen3:4b' } },
  stopWhenRedundant: true,
};
const replay = '0193e5a0-7c1e-7d3a-9f00-00000000000a';
const usage = { inputTokens: 90, outputTokens: 10 };
const marks = { argument: 8, evidence: 7, rebuttal: 9, clarity: 8 };
const novelty = { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' } as const;
const turn = {
  round: 1,
  side: 'pro',
  text: 'Tea calms the nerves.',
  model: 'qwen3:4b',
  isRehearsal: false,
  usage,
} as const;

const replied = { ...turn, attempts: 2, concedes: false, citations: [{ id: 'E1', isKnown: true }] };

/** One of each; a type without an example does not compile. */
const examples: { readonly [T in MessageType]: Fact<T>['data'] } = {
  'start-debate.v1': { ...setup, deadlineSeconds: 3600, tokenBudget: 50_000 },
  'cancel-debate.v1': { reason: 'the room is needed' },
  'debate-started.v1': { ...setup, deadlineAt: next.deadlineAt, next },
  'turn-recorded.v1': { ...turn, novelty, concedes: false, flip: false, next: { ...next, side: 'con', tokensLeft: 0 } },
  'pause-debate.v1': {},
  'resume-debate.v1': {},
  'add-note.v1': { text: 'Please speak about costs.' },
  'interject.v1': { text: 'Please speak about costs.' },
  'turn-received.v1': { turn: replied, checks: ['stance'] },
  'turn-rejected.v1': {
    round: 1,
    side: 'pro',
    reason: 'It argues for the other side.',
    model: 'qwen3:4b',
    usage,
    next: { ...next, attempt: 2, objection: 'It argues for the other side.' },
  },
  'debate-paused.v1': { withdrawn: { round: 1, side: 'pro' } },
  'debate-resumed.v1': { next: { ...next, attempt: 2, note: ['Please speak about costs.'] } },
  'note-added.v1': { text: 'Please speak about costs.' },
  'model-waiting.v1': {
    awaits: 'turn',
    round: 1,
    side: 'pro',
    since: next.deadlineAt - 60_000,
    code: 'MODEL_UNREACHABLE',
    reason: 'No answer from http://127.0.0.1:11434.',
  },
  'debate-stopped.v1': {
    stopReason: 'redundant',
    alsoTrue: ['max_rounds'],
    rounds: 8,
    withdrawn: { round: 9, side: 'pro' },
  },
  'judge-polled.v1': {
    round: 3,
    verdict: {
      outcome: 'contested',
      scores: { pro: marks, con: marks },
      reason: 'Even.',
      model: 'qwen3:4b',
      isRehearsal: false,
    },
    usage,
  },
  'judging-failed.v1': { reason: 'no JSON in the answer', isLast: false },
  'verdict-given.v1': {
    verdict: {
      outcome: 'contested',
      scores: { pro: marks, con: marks },
      reason: 'Even.',
      model: 'm',
      isRehearsal: true,
    },
    usage,
  },
  'debate-closed.v1': { status: 'closed', stopReason: 'redundant' },
  'turn-replied.v1': replied,
  'accuracy-checked.v1': {
    agent: 'sampler',
    debate: replay,
    turn: { round: 1, side: 'pro' },
    results: [{ check: 'side', isGood: false, reason: 'it praises the other side' }],
    model: 'qwen3:4b',
    usage: { inputTokens: 300, outputTokens: 40 },
  },
  'replay-debate.v1': { replay, rules: { judge: { panel: 3 }, thresholds: { jaccard: 0.4 }, stop: { maxRounds: 4 } } },
  'replay-started.v1': { debate: replay, rules: {} },
  'replay-waiting.v1': { debate: replay, since: next.deadlineAt, reason: 'No answer from http://127.0.0.1:11434.' },
  'replay-finished.v1': {
    debate: replay,
    original: { rounds: 8, stopReason: 'max_rounds', alsoTrue: [], tokens: 1600, verdict: null },
    replay: {
      rounds: 4,
      stopReason: 'redundant',
      alsoTrue: [],
      tokens: 800,
      verdict: { outcome: 'unavailable', reason: 'No judge gave an answer.' },
      turns: [{ round: 1, side: 'pro', novelty, wasStale: false }],
      votes: [],
      positionFlip: false,
    },
    tokensSaved: 800,
    usage,
  },
  'replay-failed.v1': { debate: replay, reason: 'the moderator has no such debate' },
  'turn-failed.v1': { round: 1, side: 'con', code: 'MODEL_NOT_FOUND', reason: 'no such model', attempts: 1 },
  'delta.v1': { round: 1, side: 'pro', offset: 0, text: 'Tea ' },
  'stream-parked.v1': {
    service: 'moderator',
    kind: 'debate',
    stream: '0193',
    input: 'turn-replied.v1',
    reason: 'a bug',
  },
  'stream-unparked.v1': { service: 'moderator', kind: 'debate', stream: '0193', wasParked: true },
  'unpark-stream.v1': { service: 'moderator', kind: 'debate', stream: '0193' },
  'service-status.v1': {
    service: 'moderator',
    replica: 'host/1',
    version: '0.1.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    isLeaving: false,
    models: ['rehearsal'],
    leases: 1,
    leasesLost: 0,
    deadLetters: 0,
    heartbeatAgeSeconds: null,
    backlog: {
      inputs: 0,
      oldestInputSeconds: null,
      effects: 1,
      oldestEffectSeconds: 0.5,
      outbox: 0,
      oldestOutboxSeconds: null,
      parkedStreams: 0,
    },
  },
};
const types = Object.keys(messageTypes) as MessageType[];
const messageOf = (type: string, data: unknown): Message => ({
  id: '1',
  type,
  source: 'test',
  subject: 's',
  time: '2026-01-01T00:00:00.000Z',
  data,
});

describe.each(types)('%s', (type) => {
  test('has an example that is read as it is', () => {
    expect(readFact(messageOf(type, examples[type]))).toEqual({ ok: true, fact: { type, data: examples[type] } });
  });

  test('carries its version in its name', () => {
    expect(type).toMatch(/^[a-z]+(-[a-z]+)*\.v[1-9]\d*$/);
  });

  test('takes a field that a newer writer added, and drops it', () => {
    const read = readFact(messageOf(type, { ...examples[type], addedLater: true }));
    expect(read).toEqual({ ok: true, fact: { type, data: examples[type] } });
  });

  test('refuses what is no object', () => {
    for (const data of [null, 'text', 7, [], undefined]) {
      expect(readFact(messageOf(type, data))).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/^(data|\w+):/),
      });
    }
  });
});

describe('wrong data', () => {
  test.each<[MessageType, object, string]>([
    ['turn-replied.v1', { usage: { inputTokens: -1, outputTokens: 0 } }, 'usage.inputTokens: '],
    ['turn-replied.v1', { side: 'left' }, 'side: '],
    ['turn-replied.v1', { text: 'x'.repeat(8001) }, 'text: '],
    ['start-debate.v1', { sides: { pro: { persona: '' }, con: {} } }, 'sides.pro.persona: '],
    ['start-debate.v1', { sides: { pro: {}, con: { model: 'a b' } } }, 'sides.con.model: '],
    ['debate-stopped.v1', { alsoTrue: ['max_rounds', 'bored'] }, 'alsoTrue.1: '],
    ['verdict-given.v1', { verdict: { outcome: 'draw', reason: '' } }, 'verdict.outcome: '],
    ['debate-started.v1', { next: { ...next, round: 33 } }, 'next.round: '],
  ])('of %s is refused with the path of the field: %#', (type, change, where) => {
    const read = readFact(messageOf(type, { ...examples[type], ...change }));
    expect(read).toEqual({ ok: false, reason: expect.stringContaining(where) });
  });

  test('names every field that is wrong', () => {
    const read = readFact(messageOf('turn-failed.v1', { ...examples['turn-failed.v1'], round: 0, side: 'left' }));
    expect(read).toEqual({ ok: false, reason: expect.stringMatching(/^round: .*; side: /) });
  });
});

test('a type that this build does not know is refused', () => {
  expect(readFact(messageOf('debate-paused.v7', {}))).toEqual({
    ok: false,
    reason: 'type debate-paused.v7 is unknown to this build',
  });
});

test('reading never throws, whatever the data', () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, data) => {
      const read = readFact(messageOf(type, data));
      expect(read.ok || read.reason.length > 0).toBe(true);
    }),
  );
});

// Fails until readFact looks at the table's own keys only: 'toString' in messageTypes is true.
test.each(['toString', 'constructor', '__proto__'])('the type %s is unknown, too', (type) => {
  expect(readFact(messageOf(type, {}))).toMatchObject({ ok: false });
});
