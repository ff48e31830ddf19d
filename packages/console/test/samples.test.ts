import { expect, test } from '@jest/globals';
import { samplesOf, workOf } from '../src/samples.ts';

const text = `# HELP parley_inbox_backlog Inputs.
# TYPE parley_inbox_backlog gauge
parley_inbox_backlog{service="moderator"} 3
parley_outbox_rows{service="moderator"} 0
parley_outbox_rows{service="gateway"} 2
parley_effect_oldest_age_seconds{service="moderator"} 1.5
parley_dead_letters_total{service="gateway",topic="parley.debate.events"} 1
parley_dead_letters_total{service="gateway",topic="a \\"quoted\\" one"} 1
process_cpu_seconds_total 1.2e+3
`;

test('labels, quotes and numbers are read as Prometheus writes them', () => {
  const samples = samplesOf(text);
  expect(samples).toHaveLength(7);
  expect(samples[5]?.labels.topic).toBe('a "quoted" one');
  expect(samples[6]).toEqual({ name: 'process_cpu_seconds_total', labels: {}, value: 1200 });
});

test('what waits is summed up by service', () => {
  expect(workOf(samplesOf(text))).toMatchObject([
    { service: 'gateway', unsent: 2, deadLetters: 2, oldestSeconds: undefined },
    { service: 'moderator', inputs: 3, unsent: 0, deadLetters: 0, oldestSeconds: 1.5 },
  ]);
});
