import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  type AcceptedView,
  acceptedView,
  debateView,
  type StartDebateBody,
  type StartDebateV1,
} from '@parley/contracts/debate';
import { type Database, openEmbedded } from '@parley/spine';
import { until } from '@parley/testkit';
import { defaultDegradation } from '../src/domain/degradation.ts';
import { factsOf, publish } from './fake-moderator.ts';
import { type Ratio, startFakePrometheus } from './fake-prometheus.ts';
import { startGateway } from './running-gateway.ts';

let db: Database;
beforeAll(async () => {
  db = await openEmbedded();
});
afterAll(() => db.close());
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

/** A gateway whose Prometheus says this of the error ratios. */
async function gatewayAt(says: readonly Ratio[] | number, degradation = defaultDegradation) {
  const prometheus = await startFakePrometheus(says);
  running.push(prometheus);
  const gateway = await startGateway(db, { prometheusUrl: prometheus.url, degradation });
  running.push(gateway);
  async function ask(body: StartDebateBody, headers: Record<string, string> = {}) {
    const { status, json } = await gateway.post('/v1/debates', body, headers);
    expect(status).toBe(202);
    const { id } = json as AcceptedView;
    await until('its command is sent', () => gateway.commands.some(({ subject }) => subject === id));
    const command = gateway.commands.find(({ subject }) => subject === id)?.data as StartDebateV1;
    return { answer: acceptedView.parse(json), command };
  }
  const counted = async () =>
    (await gateway.registry.getSingleMetricAsString('parley_debates_degraded_total'))
      .split('\n')
      .filter((line) => line.startsWith('parley') && !line.endsWith(' 0'));
  return { ...gateway, asked: prometheus.asked, ask, counted };
}

const topic = 'Tea is better than coffee';
/** At 99 % promised: 12 % of the budget is left; overspent by half. */
const low: Ratio = ['debate-completion', '30d', '0.0088'];
const gone: Ratio = ['debate-completion', '30d', '0.015'];

test('Who asked for more rounds than there are is told in the answer; the command says all.', async () => {
  const { ask, counted } = await gatewayAt([low]);
  const { answer, command } = await ask({ topic, maxRounds: 8 });
  const degraded = { slo: 'debate-completion', budgetLeft: 0.12, from: { maxRounds: 8 }, to: { maxRounds: 6 } };
  expect(answer).toMatchObject({ maxRounds: 6, degraded, notice: expect.stringMatching(/8 rounds.*6 rounds.*12 %/) });
  expect(command).toMatchObject({ maxRounds: 6, degraded });
  expect(await counted()).toEqual(['parley_debates_degraded_total{slo="debate-completion",measure="maxRounds"} 1']);
});

test('Who left it to us sees that it is smaller, and is told nothing.', async () => {
  const { ask } = await gatewayAt([gone]);
  const { answer } = await ask({ topic });
  expect(answer).toMatchObject({ maxRounds: 4, degraded: { budgetLeft: -0.5 } });
  expect(answer.notice).toBeUndefined();
  expect((await ask({ topic, judge: { panel: 3 } })).command).toMatchObject({ judge: { panel: 1 }, maxRounds: 4 });
});

test('The same Idempotency-Key gets the same answer and counts once.', async () => {
  const { ask, counted } = await gatewayAt([low]);
  const headers = { 'Idempotency-Key': randomUUID() };
  const first = await ask({ topic, maxRounds: 8 }, headers);
  expect((await ask({ topic, maxRounds: 8 }, headers)).answer).toEqual(first.answer);
  expect(await counted()).toHaveLength(1);
});

test.each<[string, readonly Ratio[] | number]>([
  ['while enough is left', [['debate-completion', '30d', '0.002']]],
  ['where nothing is known', []],
  ['where Prometheus refuses', 503],
])('A debate stays as it was asked for %s.', async (_what, says) => {
  const { ask, counted } = await gatewayAt(says);
  const { answer, command } = await ask({ topic, maxRounds: 8 });
  expect(answer).toMatchObject({ maxRounds: 8 });
  expect(answer.degraded ?? answer.notice ?? command.degraded).toBeUndefined();
  expect(await counted()).toEqual([]);
});

test('Without rules nobody asks how the budgets stand.', async () => {
  const { ask, asked } = await gatewayAt([gone], []);
  expect((await ask({ topic })).answer.maxRounds).toBe(8);
  expect(asked).toEqual([]);
});

test('What its first fact says of it is in the view of the debate.', async () => {
  const { get, bus } = await gatewayAt([]);
  const degraded = { slo: 'debate-completion', budgetLeft: 0.12, from: { maxRounds: 8 }, to: { maxRounds: 6 } };
  const of = async (fields: object) => {
    const id = randomUUID();
    const [started, ...rest] = factsOf(id, 2);
    if (started !== undefined)
      await publish(bus, [{ ...started, data: { ...(started.data as object), ...fields } }, ...rest]);
    return debateView.parse((await get(`/v1/debates/${id}`)).json).degraded;
  };
  expect(await of({ degraded })).toEqual(degraded);
  expect(await of({})).toBeNull();
});
