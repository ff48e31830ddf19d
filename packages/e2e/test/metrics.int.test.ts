import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import { serviceNames } from '@parley/contracts';
import { discoverModel } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';
import { agents } from '../src/cluster/agents.ts';

let parley: Embedded;
let series: Set<string>;

/** Names and labels of every sample, without the values and buckets. */
beforeAll(async () => {
  const db = await openEmbedded({});
  const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
  parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1' });
  const api = createApi(parley.url);
  await api.untilClosed(await api.start({ topic: 'Tea', maxRounds: 1 }));
  const page = await (await fetch(`${parley.url}/metrics`)).text();
  series = new Set(page.split('\n').map((line) => line.slice(0, line.lastIndexOf(' '))));
});
afterAll(() => parley.stop());

const spines = agents;
const all = serviceNames;
const matrix: Readonly<Record<string, readonly string[]>> = {
  parley_inputs_total: spines,
  parley_events_total: spines,
  parley_duplicates_dropped_total: spines,
  parley_completions_fenced_total: spines,
  parley_late_answers_total: spines,
  parley_streams_parked_total: spines,
  parley_leases_lost_total: spines,
  parley_effects_poisoned_total: spines,
  parley_effect_suspects: all,
  parley_waiting_streams: all,
  parley_troubles_total: all,
  parley_tick_seconds_count: spines,
  parley_tick_streams_count: spines,
  parley_ticks_from_memory_total: spines,
  parley_backlog_read_failures_total: all,
  parley_inbox_backlog: all,
  parley_inbox_oldest_age_seconds: all,
  parley_effect_backlog: all,
  parley_effect_oldest_age_seconds: all,
  parley_outbox_rows: all,
  parley_outbox_oldest_age_seconds: all,
  parley_parked_streams: all,
};

test.each(Object.entries(matrix))('%s is there for %s.', (name, services) => {
  expect(services.filter((service) => !series.has(`${name}{service="${service}"}`))).toEqual([]);
});

test.each([
  ['parley_messages_sent_total', 'service="gateway",topic="parley.debate.commands"'],
  ['parley_messages_sent_total', 'service="moderator",topic="parley.debate.events"'],
  ['parley_messages_sent_total', 'service="debater-a",topic="parley.debater.events"'],
  ['parley_dead_letters_total', 'service="moderator",topic="parley.debate.commands"'],
  ['parley_dead_letters_total', 'service="moderator",topic="parley.debater.events"'],
  ['parley_dead_letters_total', 'service="debater-b",topic="parley.debate.events"'],
  ['parley_effect_crashes_total', 'service="debater-a",alone="false"'],
  ['parley_effect_crashes_total', 'service="debater-a",alone="true"'],
  ['parley_effect_seconds_count', 'service="moderator",type="judge",outcome="succeeded",audience="product"'],
  ['parley_effect_seconds_count', 'service="debater-a",type="think",outcome="succeeded",audience="product"'],
  ['parley_effect_seconds_count', 'service="moderator",type="judge",outcome="failed",audience="product"'],
  ['parley_effect_seconds_count', 'service="debater-b",type="think",outcome="failed",audience="probe"'],
  ['parley_debates_ended_total', 'outcome="verdict",audience="product"'],
  ['parley_debates_ended_total', 'outcome="no_verdict",audience="probe"'],
  ['parley_accuracy_checks_total', 'check="valid",result="good"'],
  ['parley_accuracy_checks_total', 'check="verdict",result="bad"'],
  ['parley_probe_debates_total', 'result="succeeded"'],
  ['parley_probe_debates_total', 'result="failed"'],
  ['parley_turn_novelty_ratio_count', 'step="none"'],
  ['parley_verdicts_total', 'outcome="contested"'],
  ['parley_position_flips_total', 'model="rehearsal"'],
  ['parley_http_request_seconds_count', 'method="POST",route="/v1/debates",status="202",audience="product"'],
  ['parley_model_events_total', 'type="answered"'],
  ['parley_model_first_token_seconds_count', 'model="rehearsal"'],
  ['parley_model_waits_total', 'awaits="turn"'],
  ['parley_turns_total', 'model="rehearsal"'],
  ['parley_flips_total', 'model="rehearsal"'],
  ['parley_concessions_total', 'model="rehearsal"'],
  ['parley_model_tokens_total', 'model="rehearsal",direction="output"'],
])('%s has the labels %s.', (name, labels) => {
  expect(series.has(`${name}{${labels}}`)).toBe(true);
});

test('The process is measured once.', () => {
  const once = [
    'parley_probe_last_success_timestamp_seconds',
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'nodejs_eventloop_lag_p99_seconds',
  ];
  expect(once.filter((name) => !series.has(name))).toEqual([]);
});
