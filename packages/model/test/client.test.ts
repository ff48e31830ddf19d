import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import {
  type ChatCall,
  createModelClient,
  createRehearsalModel,
  type Model,
  type ModelEvent,
  type PolicyOptions,
} from '../src/index.ts';
import { fails, hangs, says, saysAndFails, scriptedModel } from './scripted-model.ts';

const unreachable = new ParleyError('MODEL_UNREACHABLE', 'No answer.', { retryable: true });
const brokeOff = new ParleyError('MODEL_BROKE_OFF', 'Broke off.', { retryable: true });
const refused = new ParleyError('MODEL_REFUSED', 'Refused.');

/** Limits small enough for tests and large enough not to be met by accident. */
const quick: Partial<PolicyOptions> = {
  coldFirstTokenMs: 5_000,
  warmFirstTokenMs: 5_000,
  stallMs: 5_000,
  retryBaseMs: 2,
  retryCapMs: 4,
  breakerFailures: 100,
};

function open(ollama: Model, options: Partial<PolicyOptions> = {}, now?: () => number) {
  const events: ModelEvent[] = [];
  const client = createModelClient({
    models: { ollama, openai: undefined, rehearsal: createRehearsalModel() },
    options: { ...quick, ...options },
    onEvent: (event) => events.push(event),
    ...(now === undefined ? {} : { now }),
  });
  const of = <T extends ModelEvent['type']>(type: T) =>
    events.filter((event): event is Extract<ModelEvent, { type: T }> => event.type === type);
  return { client, events, of };
}

function call(more: Partial<ChatCall> = {}): ChatCall {
  return {
    models: ['qwen2.5:7b'],
    messages: [{ role: 'user', content: 'Your turn.' }],
    purpose: { kind: 'turn', topic: 'Bicycles', side: 'pro', round: 1 },
    maxTokens: 400,
    contextTokens: 2_048,
    budgetMs: 10_000,
    fairKey: 'debate-1',
    signal: new AbortController().signal,
    ...more,
  };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

test('an answer is reported with its first token, its attempts and its wait', async () => {
  const { client, of } = open(scriptedModel('ollama', says('hello')));
  const before = timers();
  expect(await client.chat(call())).toMatchObject({ text: 'hello', model: 'qwen2.5:7b' });
  expect(of('answered')).toMatchObject([
    { model: 'qwen2.5:7b', provider: 'ollama', kind: 'turn', attempts: 1, queueMs: 0 },
  ]);
  expect(of('first-token')).toMatchObject([{ isCold: true }]);
  expect(timers()).toBeLessThanOrEqual(before);
});

test('the name with its provider is what the caller gets back, the server sees the bare one', async () => {
  const model = scriptedModel('ollama', says('hello'));
  const { client } = open(model);
  expect((await client.chat(call({ models: ['ollama/qwen2.5'] }))).model).toBe('ollama/qwen2.5');
  expect(model.requests[0]?.model).toBe('qwen2.5');
});

test('a connect error is tried again twice and no more', async () => {
  const model = scriptedModel('ollama', fails(unreachable));
  const { client, of } = open(model);
  await expect(client.chat(call())).rejects.toBe(unreachable);
  expect(model.requests).toHaveLength(3);
  expect(of('retrying').map(({ attempt, code }) => [attempt, code])).toEqual([
    [1, 'MODEL_UNREACHABLE'],
    [2, 'MODEL_UNREACHABLE'],
  ]);
  expect(of('failed')).toHaveLength(1);
});

test('a retry may succeed, and the model is told which attempt it is', async () => {
  const model = scriptedModel('ollama', fails(unreachable), says('hello'));
  const { client, of } = open(model);
  expect((await client.chat(call())).text).toBe('hello');
  expect(model.requests.map(({ purpose }) => purpose.attempt)).toEqual([undefined, 2]);
  expect(of('answered')).toMatchObject([{ attempts: 2 }]);
  const flaky = await client.chat(call({ models: ['rehearsal:flaky'] }));
  expect(flaky.provider).toBe('rehearsal');
});

test.each([[refused], [brokeOff], [new ParleyError('MODEL_NOT_FOUND', 'None.')]])(
  '%s is not tried again',
  async (error) => {
    const model = scriptedModel('ollama', fails(error));
    await expect(open(model).client.chat(call())).rejects.toBe(error);
    expect(model.requests).toHaveLength(1);
  },
);

test('nothing is tried again after text was published', async () => {
  const model = scriptedModel('ollama', saysAndFails('I think', unreachable), says('hello'));
  const heard: string[] = [];
  await expect(open(model).client.chat(call({ onText: (text) => heard.push(text) }))).rejects.toBe(unreachable);
  expect(model.requests).toHaveLength(1);
  expect(heard).toEqual(['I think']);
});

test('text that nobody was shown does not stand in the way of a retry', async () => {
  const model = scriptedModel('ollama', saysAndFails('I think', unreachable), says('hello'));
  expect((await open(model).client.chat(call())).text).toBe('hello');
});

test('a model that does not begin is timed out, not tried again, and leaves no timer', async () => {
  const model = scriptedModel('ollama', hangs());
  const { client, of } = open(model, { coldFirstTokenMs: 15 });
  const before = timers();
  await expect(client.chat(call())).rejects.toMatchObject({ code: 'MODEL_TIMEOUT', retryable: true });
  expect(of('timed-out')).toMatchObject([{ timeout: 'first-token' }]);
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]?.signal.aborted).toBe(true);
  expect(timers()).toBeLessThanOrEqual(before);
});

test('a warm model gets less time for its first token than a cold one', async () => {
  let time = 0;
  const model = scriptedModel('ollama', says('hello'), hangs(), says('hello'));
  const { client, of } = open(model, { warmFirstTokenMs: 15, warmForMs: 1_000 }, () => time);
  await client.chat(call());
  await expect(client.chat(call())).rejects.toMatchObject({ message: expect.stringMatching(/within 15 ms/) });
  time = 5_000;
  await client.chat(call());
  expect(of('first-token').map(({ isCold }) => isCold)).toEqual([true, true]);
});

test('a stall is tried again while nothing was published', async () => {
  const model = scriptedModel('ollama', hangs('I'), says('hello'));
  const { client, of } = open(model, { stallMs: 15 });
  expect((await client.chat(call())).text).toBe('hello');
  expect(of('timed-out')).toMatchObject([{ timeout: 'stall' }]);
});

test('a stall after published text ends the call', async () => {
  const model = scriptedModel('ollama', hangs('I'));
  const answer = open(model, { stallMs: 15 }).client.chat(call({ onText: () => undefined }));
  await expect(answer).rejects.toMatchObject({ code: 'MODEL_STALLED', retryable: true });
  expect(model.requests).toHaveLength(1);
});

test('signs of life without text keep a call alive', async () => {
  let beats = 0;
  const thinking = scriptedModel('ollama', async (request) => {
    for (; beats < 20; beats += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      request.onProgress?.();
    }
    return says('done')(request);
  });
  const { client } = open(thinking, { coldFirstTokenMs: 50, stallMs: 50 });
  expect((await client.chat(call())).text).toBe('done');
});

test('the budget covers everything and ends the call', async () => {
  const { client, of } = open(scriptedModel('ollama', hangs('I')));
  const before = timers();
  await expect(client.chat(call({ budgetMs: 30, models: ['a', 'b', 'c'] }))).rejects.toMatchObject({
    code: 'MODEL_TIMEOUT',
  });
  expect(of('timed-out')).toMatchObject([{ timeout: 'share' }, { timeout: 'share' }, { timeout: 'total' }]);
  expect(of('fell-back').map(({ to }) => to)).toEqual(['b', 'c']);
  await expect(client.chat(call({ budgetMs: 0 }))).rejects.toMatchObject({ code: 'MODEL_TIMEOUT' });
  await expect(client.chat(call({ models: ['rehearsal'], budgetMs: Number.MAX_SAFE_INTEGER }))).resolves.toBeDefined();
  expect(timers()).toBeLessThanOrEqual(before);
});

test('a wait that would outlast the budget is not begun', async () => {
  const patient = new ParleyError('MODEL_OVERLOADED', 'Later.', { retryable: true, retryAfterMs: 60_000 });
  const model = scriptedModel('ollama', fails(patient));
  await expect(open(model).client.chat(call({ budgetMs: 5_000 }))).rejects.toBe(patient);
  expect(model.requests).toHaveLength(1);
});

test('a server that asks to be left alone is, while another model can be asked', async () => {
  const busy = new ParleyError('MODEL_OVERLOADED', 'Later.', { retryable: true, retryAfterMs: 3_000 });
  const model = scriptedModel('ollama', fails(busy));
  const { client } = open(model);
  const startedAt = performance.now();
  expect((await client.chat(call({ models: ['a', 'rehearsal'], budgetMs: 60_000 }))).model).toBe('rehearsal');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(model.requests).toHaveLength(1);
});

test('an abort ends an attempt, a wait between attempts and a wait in the queue at once', async () => {
  const before = timers();
  const controller = new AbortController();
  const model = scriptedModel('ollama', hangs(), fails(unreachable));
  const patient = { retryBaseMs: 600_000, retryCapMs: 600_000 };
  const { client, of } = open(model, { ...patient, concurrency: { ollama: 2, openai: 1, rehearsal: 1 } });
  const options = { signal: controller.signal, budgetMs: 600_000 };
  const calls = [call(options), call(options), call(options)].map((each) => client.chat(each));
  while (of('retrying').length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(client.describe().providers[0]).toEqual({ provider: 'ollama', running: 2, waiting: 1 });
  controller.abort(new Error('the debate was cancelled'));
  const outcomes = await Promise.allSettled(calls);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
  expect(client.describe().providers[0]).toEqual({ provider: 'ollama', running: 0, waiting: 0 });
  expect(timers()).toBeLessThanOrEqual(before);
});

test('the breaker opens after failures in a row, lets one call try, and closes when it succeeds', async () => {
  const model = scriptedModel('ollama', fails(brokeOff), fails(brokeOff), fails(brokeOff), says('back'));
  const { client, of } = open(model, { breakerFailures: 2, breakerOpenMs: 20 });
  for (const _ of [1, 2]) await expect(client.chat(call())).rejects.toBe(brokeOff);
  expect(of('breaker-opened')).toHaveLength(1);
  expect(client.describe().models).toEqual([{ model: 'qwen2.5:7b', breaker: 'open' }]);
  await expect(client.chat(call())).rejects.toMatchObject({ code: 'MODEL_CIRCUIT_OPEN', retryable: true });
  expect(model.requests).toHaveLength(2);

  await untilTried(
    () => client.chat(call()),
    () => model.requests.length === 3,
  );
  expect([of('breaker-half-opened').length, of('breaker-opened').length]).toEqual([1, 2]);
  await untilTried(
    () => client.chat(call()),
    () => model.requests.length === 4,
  );
  expect(of('breaker-closed')).toHaveLength(1);
  expect((await client.chat(call())).text).toBe('back');
});

test('a breaker rests longer after each failed probe, asks once a probe, and tells when the model is back', async () => {
  const model = scriptedModel('ollama', ...Array.from({ length: 5 }, () => fails(unreachable)), says('back'));
  const { client, events } = open(model, {
    maxRetries: 1,
    breakerFailures: 1,
    breakerOpenMs: 10,
    breakerMaxOpenMs: 20,
  });
  let recoveries = 0;
  client.onRecovered?.(() => (recoveries += 1));
  await expect(client.chat(call())).rejects.toBe(unreachable);
  expect(model.requests).toHaveLength(2);
  const rests: number[] = [];
  for (let asked = 3; asked <= 6; asked += 1) {
    const refusal = await client.chat(call()).catch((error: unknown) => error);
    rests.push(Number(/rest of (\d+) ms/.exec(String(refusal))?.[1]));
    await untilTried(
      () => client.chat(call()),
      () => model.requests.length === asked,
    );
  }
  expect(rests).toEqual([10, 20, 20, 20]);
  expect(events.at(-1)).toMatchObject({ type: 'answered' });
  expect(recoveries).toBe(1);
});

test('a server that names a time is not asked before it, by any call, and the next model is asked meanwhile', async () => {
  let time = 0;
  const busy = new ParleyError('MODEL_OVERLOADED', 'Later.', { retryable: true, retryAfterMs: 5_000 });
  const model = scriptedModel('ollama', fails(busy), says('hello'));
  const { client } = open(model, { maxRetries: 0 }, () => time);
  await expect(client.chat(call())).rejects.toBe(busy);
  time = 3_000;
  await expect(client.chat(call())).rejects.toMatchObject({ code: 'MODEL_OVERLOADED', retryAfterMs: 2_000 });
  expect(model.requests).toHaveLength(1);
  expect((await client.chat(call({ models: ['qwen2.5:7b', 'rehearsal'] }))).model).toBe('rehearsal');
  time = 5_000;
  expect((await client.chat(call())).text).toBe('hello');
});

test('while one call tries a model that rested, others do not wait for it', async () => {
  const model = scriptedModel('ollama', fails(brokeOff), hangs());
  const { client } = open(model, { breakerFailures: 1, breakerOpenMs: 10 });
  await expect(client.chat(call())).rejects.toBe(brokeOff);
  const controller = new AbortController();
  let trying: Promise<unknown> = Promise.resolve();
  while (model.requests.length < 2) {
    trying = client.chat(call({ signal: controller.signal })).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await expect(client.chat(call())).rejects.toMatchObject({ code: 'MODEL_CIRCUIT_OPEN' });
  controller.abort();
  expect(await trying).toMatchObject({ code: 'CANCELLED' });
  // A try that was cancelled has shown nothing.
  expect(client.describe().models[0]?.breaker).toBe('open');
});

test('a request that was wrong does not open the breaker', async () => {
  const { client, of } = open(scriptedModel('ollama', fails(refused)), { breakerFailures: 1 });
  for (const _ of [1, 2, 3]) await expect(client.chat(call())).rejects.toBe(refused);
  expect(of('breaker-opened')).toEqual([]);
});

test('each model has a breaker of its own, and an open one is skipped', async () => {
  const model = scriptedModel('ollama', (request) =>
    request.model === 'qwen2.5:7b' ? fails(brokeOff)(request) : says('hello')(request),
  );
  const { client, of } = open(model, { breakerFailures: 1 });
  const models = ['qwen2.5:7b', 'qwen2.5:7b-instruct'];
  for (const _ of [1, 2]) expect((await client.chat(call({ models }))).model).toBe('qwen2.5:7b-instruct');
  expect(model.requests.map((request) => request.model)).toEqual([
    'qwen2.5:7b',
    'qwen2.5:7b-instruct',
    'qwen2.5:7b-instruct',
  ]);
  expect(of('fell-back').map(({ code }) => code)).toEqual(['MODEL_BROKE_OFF', 'MODEL_CIRCUIT_OPEN']);
});

test('when no model is left the error names all of them and why', async () => {
  const { client } = open(scriptedModel('ollama', fails(refused)));
  const answer = client.chat(call({ models: ['qwen2.5:7b-instruct', 'qwen2.5:7b', 'openai/gpt', 'rehearsal:fail'] }));
  await expect(answer).rejects.toMatchObject({
    code: 'MODELS_EXHAUSTED',
    retryable: false,
    message: expect.stringMatching(
      /^None of 4 models .*qwen2\.5:7b-instruct \(MODEL_REFUSED.*qwen2\.5:7b \(MODEL_REFUSED.*openai\/gpt \(MODEL_NOT_FOUND.*rehearsal:fail \(MODEL_REFUSED/,
    ),
  });
});

test('no model follows published text unless the caller starts its text again', async () => {
  const models = ['qwen2.5:7b', 'rehearsal'];
  const heard: string[] = [];
  const first = open(scriptedModel('ollama', saysAndFails('I think', brokeOff)));
  await expect(first.client.chat(call({ models, onText: (text) => heard.push(text) }))).rejects.toBe(brokeOff);

  let text = '';
  const second = open(scriptedModel('ollama', saysAndFails('I think', brokeOff)));
  const result = await second.client.chat(
    call({
      models,
      onText: (piece) => {
        text += piece;
      },
      onRestart: () => {
        heard.push(text);
        text = '';
      },
    }),
  );
  expect(heard).toEqual(['I think', 'I think']);
  expect(text).toBe(result.text);
  expect(result.model).toBe('rehearsal');
});

test('a receiver, a listener and a tracer that fail cost nobody an answer, and are told of', async () => {
  const model = scriptedModel('ollama', says('hello'));
  const failures: string[] = [];
  const broken = (): never => {
    throw new Error('socket closed');
  };
  const client = createModelClient({
    models: { ollama: model, openai: undefined, rehearsal: undefined },
    onEvent: broken,
    onHookFailure: (hook) => failures.push(hook),
  });
  const result = await client.chat(call({ models: ['a', 'b'], onText: broken, aroundRequest: broken }));
  expect(result).toMatchObject({ text: 'hello', model: 'a' });
  expect(model.requests).toHaveLength(1);
  expect(new Set(failures)).toEqual(new Set(['onEvent', 'onText', 'aroundRequest']));
});

test('a model that answers without end is left after half of the time, and the next one is asked', async () => {
  const endless = scriptedModel('ollama', async (request) => {
    while (!request.signal.aborted) {
      request.onText?.('on and on ');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('aborted');
  });
  const { client, of } = open(endless);
  const models = ['qwen2.5:7b', 'rehearsal'];
  const result = await client.chat(
    call({ models, budgetMs: 200, onText: () => undefined, onRestart: () => undefined }),
  );
  expect(result.model).toBe('rehearsal');
  expect(of('fell-back')).toMatchObject([{ code: 'MODEL_TIMEOUT' }]);
});

test('two debates share one place fairly', async () => {
  const order: string[] = [];
  const model = scriptedModel('ollama', async (request) => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push(request.purpose.topic);
    return says('x')(request);
  });
  const { client, of } = open(model, { concurrency: { ollama: 1, openai: 1, rehearsal: 1 } });
  const ask = (topic: string) => client.chat(call({ fairKey: topic, purpose: { kind: 'turn', topic } }));
  await Promise.all(['big', 'big', 'big', 'big', 'small', 'small'].map(ask));
  expect(order).toEqual(['big', 'big', 'small', 'big', 'small', 'big']);
  expect(of('queued')).toHaveLength(5);
});

async function untilTried(attempt: () => Promise<unknown>, isTried: () => boolean): Promise<void> {
  while (!isTried()) {
    await attempt().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const embedCall = { model: 'rehearsal:embed', inputs: ['Tea calms.', 'Coffee wakes.'], budgetMs: 1_000, fairKey: 'd' };

test('embeddings go through the same lane and are reported without their vectors', async () => {
  const { client, of } = open(scriptedModel('ollama'));
  const result = await client.embed({ ...embedCall, signal: new AbortController().signal });
  expect(result.vectors.map((vector) => vector.length)).toEqual([256, 256]);
  const [event] = of('embedded');
  expect(event).toMatchObject({ attempts: 1, queueMs: 0, result: { inputs: 2, inputTokens: result.inputTokens } });
  expect(JSON.stringify(event)).not.toContain('vectors');
});

test('an embedding is tried again when the server could not be reached, and then given up', async () => {
  let asked = 0;
  const model: Model = {
    ...scriptedModel('ollama'),
    async embed() {
      asked += 1;
      throw unreachable;
    },
  };
  const { client, of } = open(model);
  const signal = new AbortController().signal;
  await expect(client.embed({ ...embedCall, model: 'minilm', signal })).rejects.toBe(unreachable);
  expect(asked).toBe(3);
  expect(of('failed')).toMatchObject([{ kind: 'embedding', code: 'MODEL_UNREACHABLE' }]);
});

test('an embedding ends with its budget', async () => {
  const model: Model = {
    ...scriptedModel('ollama'),
    embed: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })),
  };
  const { client } = open(model);
  const signal = new AbortController().signal;
  const late = client.embed({ ...embedCall, model: 'minilm', budgetMs: 20, signal });
  await expect(late).rejects.toMatchObject({ code: 'MODEL_TIMEOUT' });
});

const clock = { name: 'clock', description: 'Says the time.', parameters: { type: 'object' } };

test('tools reach the model, and its calls the caller, without a word published', async () => {
  const toolCalls = [{ ok: true, name: 'clock', arguments: {}, isRepaired: false, isFromText: false }] as const;
  const model = scriptedModel('ollama', says('', { toolCalls }));
  const result = await open(model).client.chat(call({ tools: [clock] }));
  expect(result).toMatchObject({ text: '', toolCalls });
  expect(model.requests[0]?.tools).toEqual([clock]);
});

test('a list of models without tools ends with that code, and one that has them is asked', async () => {
  const lacking = new ParleyError('MODEL_WITHOUT_TOOLS', 'None.');
  const model = scriptedModel('ollama', fails(lacking));
  const { client, of } = open(model);
  const models = ['a', 'b'];
  await expect(client.chat(call({ models, tools: [clock] }))).rejects.toMatchObject({
    code: 'MODEL_WITHOUT_TOOLS',
    retryable: false,
    message: expect.stringMatching(/"a", "b"/),
  });
  expect(of('retrying')).toEqual([]);
  const result = await client.chat(
    call({ models: ['a', 'rehearsal'], tools: [clock], messages: [{ role: 'user', content: 'Ask the clock.' }] }),
  );
  expect(result.toolCalls).toMatchObject([{ ok: true, name: 'clock', arguments: {} }]);
  await expect(
    open(scriptedModel('ollama', fails(lacking), fails(refused))).client.chat(call({ models })),
  ).rejects.toMatchObject({ code: 'MODELS_EXHAUSTED' });
});
