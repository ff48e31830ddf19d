import { afterEach, expect, test } from '@jest/globals';
import { probeTenant } from '@parley/contracts';
import { gate, until } from '@parley/testkit';
import { createWeb, measureConsumer, measureProcess, silentLogger } from '../src/index.ts';
import { listening } from './served.ts';
import { startToy, type ToyWishes } from './toy.ts';

type Toy = Awaited<ReturnType<typeof startToy>>;
const running: Toy[] = [];
afterEach(async () => {
  for (const toy of running.splice(0)) await toy.stop();
});

async function toyWith(wishes: ToyWishes = {}) {
  const toy = await startToy(wishes);
  running.push(toy);
  const web = createWeb({ routers: [], registry: toy.registry, logger: silentLogger, ready: {} });
  const { url } = await listening(web);
  /** What Prometheus would read: `name{labels}` to value. */
  async function scrape(): Promise<Map<string, number>> {
    const response = await fetch(`${url}/metrics`);
    expect(response.status).toBe(200);
    const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  }
  return { ...toy, scrape };
}

const of = '{service="toy"}';
const topic = 'parley.debate.commands';

test('Every series that an alert may ask for is there before its first fault, at zero.', async () => {
  const { scrape, registry } = await toyWith();
  measureProcess(registry);
  measureConsumer(registry, 'toy', () => 1_500);
  const series = await scrape();
  const zero = [
    'parley_inputs_total',
    'parley_events_total',
    'parley_duplicates_dropped_total',
    'parley_completions_fenced_total',
    'parley_late_answers_total',
    'parley_streams_parked_total',
    'parley_leases_lost_total',
    'parley_effects_poisoned_total',
    'parley_effect_suspects',
    'parley_waiting_streams',
    'parley_troubles_total',
    'parley_backlog_read_failures_total',
    'parley_inbox_backlog',
    'parley_inbox_oldest_age_seconds',
    'parley_effect_backlog',
    'parley_effect_oldest_age_seconds',
    'parley_outbox_rows',
    'parley_outbox_oldest_age_seconds',
    'parley_parked_streams',
  ];
  expect(zero.filter((name) => series.get(name + of) !== 0)).toEqual([]);
  expect(series.get(`parley_dead_letters_total{service="toy",topic="${topic}"}`)).toBe(0);
  for (const outcome of ['succeeded', 'failed', 'unknown'])
    for (const audience of ['product', 'probe']) {
      const labels = `{service="toy",type="work",outcome="${outcome}",audience="${audience}"}`;
      expect(series.get(`parley_effect_seconds_count${labels}`)).toBe(0);
    }
  expect(series.get(`parley_consumer_heartbeat_age_seconds${of}`)).toBe(1.5);
  for (const name of [
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
  ]) {
    expect(series.get(name)).toBeGreaterThan(0);
  }
});

test('Each counter moves when its cause happens.', async () => {
  const { say, scrape } = await toyWith();
  for (const word of ['hello', 'refuse', 'throw', 'work']) await say(word);
  const expected = {
    'parley_inputs_total{service="toy"}': 5,
    'parley_events_total{service="toy"}': 3,
    'parley_messages_sent_total{service="toy",topic="parley.debate.events"}': 4,
    'parley_refusals_total{service="toy",code="NO"}': 1,
    'parley_streams_parked_total{service="toy"}': 1,
    'parley_effect_seconds_count{service="toy",type="work",outcome="succeeded",audience="product"}': 1,
  };
  const names = Object.keys(expected);
  await until('the effect is answered and told', async () => (await scrape()).get(names[2] ?? '') === 4);
  const series = await scrape();
  expect(Object.fromEntries(names.map((name) => [name, series.get(name)]))).toEqual(expected);
  expect(series.get(`parley_tick_streams_sum${of}`)).toBe(5);
  expect(series.get(`parley_tick_seconds_count${of}`)).toBe(series.get(`parley_tick_streams_count${of}`));
});

test('An effect counts for whom its stream is, also when another worker claims it.', async () => {
  const held = gate();
  const { say, scrape } = await toyWith({ maxRunningEffects: 1, work: () => held.passed.then(() => null) });
  await say('work', { tenant: probeTenant });
  await say('work', { tenant: probeTenant });
  await say('work', { tenant: 'acme' });
  held.open();
  const done = (audience: string) =>
    `parley_effect_seconds_count{service="toy",type="work",outcome="succeeded",audience="${audience}"}`;
  await until('all are done', async () => {
    const series = await scrape();
    return series.get(done('probe')) === 2 && series.get(done('product')) === 1;
  });
});

test('A message that comes twice, and one that cannot be read, are counted.', async () => {
  const { say, scrape } = await toyWith();
  const same = { id: 'same', subject: 's' };
  await say('hello', same);
  await say('hello', same);
  await say('hello', { type: 'nonsense.v1' });
  const series = await scrape();
  expect(series.get(`parley_duplicates_dropped_total${of}`)).toBe(1);
  expect(series.get(`parley_dead_letters_total{service="toy",topic="${topic}"}`)).toBe(1);
  expect(series.get(`parley_inputs_total${of}`)).toBe(1);
});

const steal = "update toy.effect set lease_owner = 'other' where state = 'running'";

test('An answer that comes after its lease was taken is fenced; a lease that is missed under way is lost.', async () => {
  const late = gate();
  const first = await toyWith({ work: () => late.passed.then(() => null) });
  await first.say('work');
  await first.db.query(steal);
  late.open();
  const fenced = `parley_completions_fenced_total${of}`;
  await until('it is fenced', async () => (await first.scrape()).get(fenced) === 1);

  const never = gate();
  const second = await toyWith({ work: () => never.passed.then(() => null), leaseMs: 900 });
  await second.say('work');
  await second.db.query(steal);
  await until('it is noticed', async () => (await second.scrape()).get(`parley_leases_lost_total${of}`) === 1);
  never.open();
  const abandoned = 'parley_effect_seconds_count{service="toy",type="work",outcome="abandoned",audience="product"}';
  await until('it is given up', async () => (await second.scrape()).get(abandoned) === 1);
});

test('The end of a process is counted with what it had in hand, and so is what ended it each time it ran alone.', async () => {
  const hung = gate();
  const { say, scrape, db } = await toyWith({ work: () => hung.passed.then(() => null) });
  await say('work');
  await say('work');
  const counted = async (name: string, labels = '') => (await scrape()).get(`${name}{service="toy"${labels}}`);
  /** As another process has left it. */
  const die = (what: string) =>
    db.query(`update toy.effect set lease_owner = 'the dead', visible_at = clock_timestamp(), ${what} where ctid = (
      select ctid from toy.effect where state = 'running' order by stream_id limit 1)`);
  await die('is_alone = false');
  await until('a crash is told', async () => (await counted('parley_effect_crashes_total', ',alone="false"')) === 1);
  await die('crashes = 4, crashes_alone = 2, is_alone = true');
  await until('it is set aside', async () => (await counted('parley_effects_poisoned_total')) === 1);
  expect(await counted('parley_effect_crashes_total', ',alone="true"')).toBe(1);
  hung.open();
});

test('A handler that throws and a bus that is away are counted.', async () => {
  const { say, scrape } = await toyWith({
    work: async () => {
      throw new Error('broken');
    },
    publish: async () => {
      throw new Error('away');
    },
  });
  await say('work');
  const failed = 'parley_effect_seconds_count{service="toy",type="work",outcome="failed",audience="product"}';
  await until('both are counted', async () => {
    const series = await scrape();
    return series.get(failed) === 1 && (series.get(`parley_troubles_total${of}`) ?? 0) > 0;
  });
});

test('What waits is shown with its age: undecided inputs, effects without a worker, the outbox, parked streams.', async () => {
  const { say, scrape, db } = await toyWith({
    maxRunningEffects: 0,
    publish: async () => {
      throw new Error('away');
    },
  });
  await say('work');
  await say('throw');
  await db.query(`insert into toy.inbox (id, stream_id, kind, state, type, data)
    select 'left', id, 'toy', 'pending', 'say', '{}' from toy.stream where status = 'parked'`);
  const series = await scrape();
  const waiting = ['parley_inbox_backlog', 'parley_effect_backlog', 'parley_parked_streams'];
  expect(waiting.map((name) => series.get(name + of))).toEqual([1, 1, 1]);
  expect(series.get(`parley_outbox_rows${of}`)).toBe(2);
  for (const name of ['inbox', 'effect', 'outbox']) {
    const age = series.get(`parley_${name}_oldest_age_seconds${of}`);
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(60);
  }
});
