import { expect, test } from '@jest/globals';
import { type DebateStartedV1, startDebateBody, startDebateOf } from '@parley/contracts/debate';
import { curlOf } from '../src/curl.ts';
import { bodyOf, type Draft, draftOf, emptyDraft } from '../src/draft.ts';

const full: Draft = {
  topic: 'Should cities ban private cars?',
  pro: { model: 'm', persona: 'A mayor.', evidence: [{ title: 'Census', text: 'Forty thousand cars.' }] },
  con: { model: '', persona: 'A shopkeeper.', evidence: [] },
  maxRounds: '4',
  minRounds: '2',
  deadlineSeconds: '600',
  tokenBudget: '9000',
  stopWhenRedundant: false,
  judgeModel: 'j',
  panel: '3',
  judgeEarly: true,
  checks: { claims: true },
};

test('an empty form leaves everything but the topic to the service', () => {
  expect(bodyOf({ ...emptyDraft, topic: 'Why?' })).toEqual({ topic: 'Why?' });
});

test('a full form is a request that the gateway takes, and the debate that comes of it fills in the same form', () => {
  const body = startDebateBody.parse(bodyOf(full));
  const { deadlineSeconds, ...command } = startDebateOf(body);
  const startedAt = '2026-01-01T00:00:00.000Z';
  const deadlineAt = Date.parse(startedAt) + deadlineSeconds * 1000;
  expect(draftOf({ ...command, deadlineAt } as DebateStartedV1, startedAt)).toEqual(full);
});

test('an address among the evidence is one to fetch', () => {
  const pro = { ...emptyDraft.pro, evidence: [{ title: '', text: ' https://example.org/a.txt ' }] };
  expect(bodyOf({ ...emptyDraft, topic: 'Why?', pro }).sides?.pro?.evidence).toEqual([
    { url: 'https://example.org/a.txt' },
  ]);
});

test('what is no number is sent as none, so that the gateway names the field', () => {
  const parsed = startDebateBody.safeParse(
    JSON.parse(JSON.stringify(bodyOf({ ...emptyDraft, topic: 'Why?', maxRounds: 'many' }))),
  );
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(['maxRounds']);
});

test('a command survives quotes, and a key is named, never shown', () => {
  const command = curlOf({ origin: 'http://x', path: '/v1/debates', body: { topic: "It's $HOME" }, hasKey: true });
  expect(command).toContain(`'{"topic":"It'\\''s $HOME"}'`);
  expect(command).toContain('Authorization: Bearer $PARLEY_API_KEY');
});
