import { expect, test } from '@jest/globals';
import { type ChatRequest, createRehearsalModel } from '../src/index.ts';
import { modelContract } from './contract.ts';

modelContract('rehearsal', async () => ({
  model: createRehearsalModel(),
  chat: 'rehearsal',
  long: 'rehearsal',
  slow: 'rehearsal:slow',
  missing: 'rehearsal:nope',
  structured: 'rehearsal',
  embed: 'rehearsal:embed',
  close: async () => undefined,
}));

const model = createRehearsalModel();

function request(name: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: name,
    messages: [{ role: 'user', content: 'Your turn.' }],
    purpose: { kind: 'turn', topic: 'Bicycles', side: 'pro', round: 1 },
    maxTokens: 400,
    contextTokens: 2_048,
    signal: new AbortController().signal,
    ...more,
  };
}

test('without latency the text comes in one piece, before chat returns, and no timer is made', async () => {
  const pieces: string[] = [];
  const before = timers();
  const answer = model.chat(request('rehearsal', { onText: (text) => pieces.push(text) }));
  expect(pieces).toHaveLength(1);
  expect(timers()).toBeLessThanOrEqual(before);
  expect((await answer).text).toBe(pieces[0]);
});

test('with latency it comes word by word over that time', async () => {
  const pieces: string[] = [];
  const paced = createRehearsalModel({ latencyMs: 60 });
  const result = await paced.chat(request('rehearsal', { onText: (text) => pieces.push(text) }));
  expect(pieces.length).toBe(result.text.split(' ').length);
  expect(pieces.join('')).toBe(result.text);
  expect(result.totalMs).toBeGreaterThanOrEqual(58);
  expect(result.firstTokenMs).toBeLessThan(result.totalMs);
});

test('a Chinese text comes in pieces too', async () => {
  const pieces: string[] = [];
  const purpose = { kind: 'turn', topic: '城市是否应当禁止私家车', side: 'con', round: 2 } as const;
  const result = await createRehearsalModel({ latencyMs: 20 }).chat(
    request('rehearsal', { purpose, onText: (text) => pieces.push(text) }),
  );
  expect(pieces.join('')).toBe(result.text);
  expect(pieces.length).toBeGreaterThan(30);
});

test.each([
  ['rehearsal:fail', 'MODEL_REFUSED', false],
  ['rehearsal:unreachable', 'MODEL_UNREACHABLE', true],
  ['rehearsal:whitespace', 'MODEL_GARBAGE', false],
  ['rehearsal:dies', 'MODEL_BROKE_OFF', true],
  ['rehearsal:flaky', 'MODEL_OVERLOADED', true],
])('%s fails with %s', async (name, code, retryable) => {
  await expect(model.chat(request(name))).rejects.toMatchObject({ code, retryable });
});

test('rehearsal:dies publishes some text first', async () => {
  const heard: string[] = [];
  const answer = model.chat(request('rehearsal:dies', { onText: (text) => heard.push(text) }));
  await expect(answer).rejects.toMatchObject({ code: 'MODEL_BROKE_OFF' });
  expect(heard.join('').length).toBeGreaterThan(50);
});

test('rehearsal:flaky answers the second attempt', async () => {
  const purpose = { ...request('').purpose, attempt: 2 };
  expect((await model.chat(request('rehearsal:flaky', { purpose }))).finishReason).toBe('stop');
});

test('rehearsal:stall answers nothing until it is aborted', async () => {
  const controller = new AbortController();
  const answer = model.chat(request('rehearsal:stall', { signal: controller.signal }));
  const first = await Promise.race([answer, new Promise((resolve) => setImmediate(() => resolve('silence')))]);
  expect(first).toBe('silence');
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('rehearsal:empty says nothing, which is no answer', async () => {
  await expect(model.chat(request('rehearsal:empty'))).rejects.toMatchObject({
    code: 'MODEL_GARBAGE',
    message: expect.stringMatching(/without any text/),
  });
});

test('rehearsal:repeat says the same in every round', async () => {
  const texts = [1, 2, 5].map(async (round) => {
    const purpose = { ...request('').purpose, round };
    return (await model.chat(request('rehearsal:repeat', { purpose }))).text;
  });
  expect(new Set(await Promise.all(texts)).size).toBe(1);
});

test('rehearsal:short stays near 200 characters and differs from round to round', async () => {
  const texts = new Set<string>();
  for (let round = 1; round <= 8; round += 1) {
    const purpose = { ...request('').purpose, round };
    const { text } = await model.chat(request('rehearsal:short', { purpose }));
    expect(text.length).toBeGreaterThan(150);
    expect(text.length).toBeLessThanOrEqual(201);
    texts.add(text);
  }
  expect(texts.size).toBe(8);
});

test('rehearsal:garbage is the same garbage every time, and no JSON for a judge', async () => {
  const purpose = { kind: 'judge', topic: 'Bicycles' } as const;
  const [first, second] = [
    await model.chat(request('rehearsal:garbage', { purpose })),
    await model.chat(request('rehearsal:garbage', { purpose })),
  ];
  expect(first.text).toBe(second.text);
  expect(() => JSON.parse(first.text)).toThrow();
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test.each([
  ['Bicycles', 'I concede the debate.'],
  ['城市是否应当禁止私家车', '我认输'],
])('rehearsal:concede gives up %s in its second round, and says so when asked', async (topic, words) => {
  const say = async (kind: 'turn' | 'concession', round: number, schema?: Record<string, unknown>) => {
    const purpose = { kind, topic, side: 'con', round } as const;
    return (await model.chat(request('rehearsal:concede', { purpose, ...(schema === undefined ? {} : { schema }) })))
      .text;
  };
  expect(await say('turn', 1)).not.toContain(words);
  expect(await say('turn', 2)).toContain(words);
  const schema = { type: 'object', properties: { concedes: { type: 'boolean' }, reason: { type: 'string' } } };
  expect(JSON.parse(await say('concession', 2, schema))).toMatchObject({ concedes: true, reason: expect.any(String) });
});
