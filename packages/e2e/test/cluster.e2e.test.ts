import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaUp, postgresDown, postgresUp } from '@parley/tools';
import { insideOneTurn } from '../src/cluster/inside-one-turn.ts';
import { beyondLeaseUntilHeard, kill } from '../src/cluster/process-faults.ts';
import { brokerKilled, postgresKilled, sendersKilled } from '../src/cluster/server-faults.ts';
import { runClusterCampaign } from '../src/cluster-campaign.ts';

const name = `cluster-${process.pid}`;

// Servers of its own, because it kills them. Skipped only where they cannot be had at all, and then it says why.
const missing = await whyMissing('kafka', Promise.all([postgresUp({ name, isFast: true }), kafkaUp({ name })]));
// The first world takes over what is up.
afterAll(() => Promise.all([postgresDown({ name, isPurged: true }), kafkaDown({ name, isPurged: true })]));

const lines: string[] = [];
const say = (line: string) => void lines.push(line);
/** Hung for good is a violation, slow is none: how long it takes is measured by "npm run chaos". */
const limits = { recover: 180_000, finish: 240_000, rest: 60_000 };
/** What went on, for the log of a run that failed. */
const told = () => lines.join('\n').slice(-20_000);

(missing === undefined ? describe : describe.skip)('Every service twice, on Kafka and Postgres that fail', () => {
  test('loses no debate, repeats nothing, keeps every order, and buries what is no message', async () => {
    const found = await runClusterCampaign({
      ...{ name, seed: 20_261_121, say, limits },
      faults: (poison) => [kill('moderator'), poison, postgresKilled, kill('debater-a'), brokerKilled],
    });
    if (found.violations.length > 0) console.error(told());
    expect(found.violations).toEqual([]);
    expect(found.alarms).toEqual({});
    expect(found.debates).toBeGreaterThan(10);
    expect(found.graves).toBeGreaterThan(40);
    expect(found.duplicates).toBeGreaterThan(10);
  }, 900_000);

  test('loses no debate when both replicas of an agent are killed four times inside one turn', async () => {
    const found = await runClusterCampaign({
      ...{ name, seed: 1, say },
      ...insideOneTurn({ turnMs: 6_000, kills: 4, debates: 8, rounds: 1 }),
    });
    if (found.violations.length > 0) console.error(told());
    expect(found.violations).toEqual([]);
    expect(found.outcomes).toMatchObject({ verdicts: 8, failed: [] });
    // It proves nothing unless the kills have hit effects that ran alone.
    expect(found.outcomes.crashes.alone).toBeGreaterThan(0);
  }, 900_000);

  test('is caught when an answer counts whoever brings it', async () => {
    const found = await runClusterCampaign({
      ...{ name, seed: 1, say, control: 'unfenced', env: { PARLEY_REHEARSAL_LATENCY_MS: '400' } },
      faults: () => [beyondLeaseUntilHeard],
      limits: { recover: 30_000, finish: 60_000, rest: 5_000 },
    });
    expect(found.violations.map(({ rule }) => rule)).toContainEqual(
      expect.stringContaining('every effect is answered once'),
    );
  }, 600_000);

  test('is caught when a message is forgotten before it is sent', async () => {
    const found = await runClusterCampaign({
      ...{ name, seed: 1, say, control: 'mark-before-send', replicas: 1 },
      faults: () => [sendersKilled],
      limits: { recover: 15_000, finish: 10_000, rest: 1_000 },
    });
    expect(found.violations.map(({ rule }) => rule)).toContain('an acknowledged debate comes to its end');
  }, 600_000);
});
