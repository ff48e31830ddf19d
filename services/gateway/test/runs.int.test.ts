import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Message, topics } from '@parley/contracts';
import { type RunView, runView } from '@parley/contracts/run';
import { until } from '@parley/testkit';
import { databases, type TestDatabase } from './databases.ts';
import { problemOf, type RunningGateway, startGateway } from './running-gateway.ts';

const usage = { inputTokens: 90, outputTokens: 10 };
const limits = { steps: 10, calls: 20, parallelCalls: 4, seconds: 300 };

describe.each(databases)('A run of an agent, over $name,', ({ open }) => {
  let database: TestDatabase;
  let gateway: RunningGateway;
  const commands: Message[] = [];
  beforeAll(async () => {
    database = await open();
    gateway = await startGateway(database.db);
    await gateway.bus.subscribe({
      topics: [topics.runCommands.name],
      group: 'the agent',
      handler: async (batch) => void commands.push(...batch.map(({ message }) => message)),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await database.close();
  });

  const start = async (body: object = { input: '10 times 99' }) => gateway.post('/v1/agents/calculator/runs', body);
  const view = async (id: string): Promise<RunView> => runView.parse((await gateway.get(`/v1/runs/${id}`)).json);

  /** What the agent's service would say, from fact number `from` on. */
  async function tell(id: string, from: number, ...facts: readonly [string, object][]): Promise<void> {
    const messages = facts.map(([type, data], i): Message => {
      const sequence = from + i;
      const time = new Date().toISOString();
      return { id: `run/${id}/${sequence}`, type, source: 'agent', subject: id, time, sequence, data };
    });
    await gateway.bus.publish(topics.runEvents.name, messages);
  }
  const last = async (id: string, type: string): Promise<Message> => {
    const find = () => commands.findLast((one) => one.subject === id && one.type === type);
    await until(`${type} is out`, () => find() !== undefined);
    return find() as Message;
  };
  const started = { agent: 'calculator', version: 1, input: '10 times 99', limits, deadlineAt: 1_900_000_000_000 };
  const thought = { agent: 'calculator', thought: 1, text: '', calls: [], model: 'm', isRehearsal: true, usage };
  const question = { question: '1.1/approval', about: 'approval', call: '1.1', text: 'May "mail" be called?' };

  test('is accepted with the limits of its agent, asked for by a command, and replies', async () => {
    const { status, json } = await start({ input: '10 times 99', limits: { steps: 3 } });
    expect(status).toBe(202);
    const { id } = runView.parse(json);
    expect(json).toMatchObject({ agent: 'calculator', status: 'accepted', answer: null, input: '10 times 99' });
    expect((await last(id, 'start-run.v1')).data).toEqual({
      ...{ agent: 'calculator', version: 1, input: '10 times 99', limits: { ...limits, steps: 3 } },
    });
    await tell(id, 1, ['run-started.v1', started], ['thought.v1', thought]);
    expect(await view(id)).toMatchObject({ status: 'working', usage });
    await tell(id, 3, ['run-replied.v1', { text: 'It is 990.', used: usage }]);
    expect(await view(id)).toMatchObject({ status: 'replied', answer: 'It is 990.', usage });
    const late = await gateway.post(`/v1/runs/${id}/messages`, { text: 'Be quick.' });
    expect(problemOf(late)).toMatchObject({ status: 409, code: 'ALREADY_CLOSED' });
  });

  test('shows what it asks, and takes an answer in words or by the id of the question', async () => {
    const { id } = runView.parse((await start()).json);
    await tell(
      id,
      1,
      ['run-started.v1', started],
      ['question-asked.v1', { ...question, expiresAt: 1_900_000_000_000 }],
    );
    expect(await view(id)).toMatchObject({ status: 'asking', questions: [question] });
    const unclear = await gateway.post(`/v1/runs/${id}/answers`, { text: 'perhaps' });
    expect(problemOf(unclear)).toMatchObject({ status: 400, detail: expect.stringContaining('"yes" or "no"') });
    expect((await gateway.post(`/v1/runs/${id}/answers`, { text: 'yes' })).status).toBe(202);
    expect((await last(id, 'answer-question.v1')).data).toMatchObject({
      ...{ question: '1.1/approval', answer: { is: 'approved' } },
    });
    await tell(id, 3, ['question-answered.v1', { question: '1.1/approval', answer: { is: 'approved' } }]);
    expect(await view(id)).toMatchObject({ status: 'working', questions: [] });
    const answer = { question: '1.1/approval', answer: { is: 'denied' } };
    expect(problemOf(await gateway.post(`/v1/runs/${id}/answers`, answer))).toMatchObject({ status: 404 });
  });

  test('is refused with the field and the remedy', async () => {
    expect(problemOf(await gateway.post('/v1/agents/nobody/runs', { input: 'x' }))).toMatchObject({
      ...{ status: 404, code: 'NOT_FOUND', detail: expect.stringContaining('calculator') },
    });
    expect(problemOf(await start({ input: '' }))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('input'),
    });
    expect(problemOf(await start({ input: 'x', limits: { steps: 101 } }))).toMatchObject({
      ...{ status: 400, detail: expect.stringContaining('limits.steps') },
    });
    expect((await gateway.get('/v1/runs/0197c8a0-0000-7000-8000-000000000001')).status).toBe(404);
  });

  test('is counted by its agent, each thought once', async () => {
    const { json } = await gateway.get('/v1/usage?groupBy=agent');
    const { groups } = json as { groups: { key: string; inputTokens: number; calls: number }[] };
    expect(groups.find(({ key }) => key === 'calculator')).toMatchObject({ inputTokens: 90, calls: 1 });
  });
});
