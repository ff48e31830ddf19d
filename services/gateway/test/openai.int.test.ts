import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '@parley/contracts';
import { until } from '@parley/testkit';
import OpenAI, { APIError } from 'openai';
import { databases, type TestDatabase } from './databases.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Is coffee better?' },
  { role: 'assistant', content: 'No.' },
  { role: 'user', content: ' Tea is better\nthan coffee ' },
] as const;

describe.each(databases)("OpenAI's own client, over $name", ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  let client: OpenAI;
  let before = 0;
  const commands = () => gateway.commands.slice(before);
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
    client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'any', maxRetries: 0 });
  });
  beforeEach(() => {
    before = gateway.commands.length;
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  /** Has the debate that was asked for last, as the moderator would. */
  async function answer(end?: Parameters<typeof factsOf>[2]): Promise<Message> {
    await until('the command is out', () => commands().length > 0);
    const command = commands().at(-1) as Message;
    await publish(gateway.bus, factsOf(command.subject, 2, end));
    return command;
  }

  test('finds the debate and both debaters as models.', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id).slice(0, 3)).toEqual(['debate', 'debater-a', 'debater-b']);
    await expect(client.models.retrieve('debater-a')).resolves.toMatchObject({ object: 'model', owned_by: 'parley' });
    await expect(client.models.retrieve('gpt-4')).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  test('gets a debate about the last word of the user, turn by turn, with its usage.', async () => {
    const { data: stream, response } = await client.chat.completions
      .create({ model: 'debate', messages: [...messages], stream: true, stream_options: { include_usage: true } })
      .withResponse();
    const command = await answer();
    expect(command.data).toMatchObject({ topic: 'Tea is better than coffee', maxRounds: 8 });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(response.headers.get('x-parley-debate')).toBe(command.subject);
    expect(new Set(chunks.map(({ id }) => id))).toEqual(new Set([`chatcmpl-${command.subject}`]));
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? choices[0]?.finish_reason ?? 'usage')).toEqual([
      '',
      '**Team A (for), round 1**\n\nTurn 1. 茶 ☕\n\n',
      '**Team B (against), round 1**\n\nTurn 2. 茶 ☕\n\n',
      '*Stopped: max_rounds, after 1 round.*\n\n',
      '**Verdict: none.** Nobody judged.\n',
      'stop',
      'usage',
    ]);
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 });
  });

  test("gets one debater's turn of one round.", async () => {
    const asked = client.chat.completions.create({
      model: 'debater-b',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Tea' }] }],
    });
    expect((await answer()).data).toMatchObject({ maxRounds: 1, minRounds: 1 });
    const { choices, usage } = await asked;
    expect(choices).toMatchObject([
      { message: { role: 'assistant', content: 'Turn 2. 茶 ☕' }, finish_reason: 'stop' },
    ]);
    expect(usage?.total_tokens).toBe(30);
  });

  test('passes settings of the debate on, and asks once under one key.', async () => {
    const body = { model: 'debate', messages: [...messages], stream: true as const, parley: { maxRounds: 3 } };
    const headers = { 'Idempotency-Key': 'one' };
    const first = await client.chat.completions.create(body, { headers });
    first.controller.abort();
    const again = await client.chat.completions.create(body, { headers });
    const command = await answer();
    expect(command.data).toMatchObject({ maxRounds: 3 });
    const ids: string[] = [];
    for await (const { id } of again) ids.push(id);
    expect(new Set(ids)).toEqual(new Set([`chatcmpl-${command.subject}`]));
    expect(commands()).toHaveLength(1);
  });

  test('may leave: the debate goes on, and is no less whole.', async () => {
    const stream = await client.chat.completions.create({ model: 'debate', messages: [...messages], stream: true });
    stream.controller.abort();
    await until('nobody watches', () => gateway.watchers() === 0);
    const { subject } = await answer();
    expect((await gateway.get(`/v1/debates/${subject}`)).json).toMatchObject({ status: 'closed', lastSequence: 6 });
  });

  test.each([
    ['a model that is none', { model: 'gpt-4' }, 'model'],
    ['no user', { messages: [{ role: 'system', content: 'x' }] }, 'messages'],
    ['a topic that is too long', { messages: [{ role: 'user', content: 'x'.repeat(501) }] }, 'messages.0.content'],
    ['two answers', { n: 2 }, 'n'],
    ['JSON', { response_format: { type: 'json_object' } }, 'response_format.type'],
    ['settings that are none', { parley: { rounds: 3 } }, 'rounds'],
  ])('is told what is wrong with %s, in its own form.', async (_, wrong, param) => {
    const asked = client.chat.completions.create({ model: 'debate', messages: [...messages], ...wrong } as never);
    const thrown = await asked.then(
      () => undefined,
      (error: unknown) => error as APIError,
    );
    expect(thrown).toBeInstanceOf(APIError);
    expect(thrown).toMatchObject({ status: 400, type: 'invalid_request_error', code: 'BAD_REQUEST', param });
    expect(commands()).toEqual([]);
  });

  test('is told of a debate that fails, in the middle of the stream and instead of an answer.', async () => {
    const stream = await client.chat.completions.create({ model: 'debate', messages: [...messages], stream: true });
    await answer('failed');
    const read = (async () => {
      for await (const _ of stream);
    })();
    await expect(read).rejects.toMatchObject({ code: 'MODELS_EXHAUSTED', type: 'server_error' });
    const asked = client.chat.completions.create({ model: 'debate', messages: [...messages] });
    await until('the second command is out', () => commands().length === 2);
    await Promise.all([answer('failed'), expect(asked).rejects.toMatchObject({ status: 503 })]);
  });
});
