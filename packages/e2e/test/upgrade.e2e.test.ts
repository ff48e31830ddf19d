import { afterAll, describe, expect, test } from '@jest/globals';
import { isDemanded, whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaUp, postgresDown, postgresUp } from '@parley/tools';
import type { Fault } from '../src/cluster/fault.ts';
import { upgrade } from '../src/cluster/process-faults.ts';
import { earlier, openRelease } from '../src/cluster/release.ts';
import { runClusterCampaign } from '../src/cluster-campaign.ts';

const name = `upgrade-${process.pid}`;
const release = await openRelease(earlier).catch((thrown: Error) => {
  if (isDemanded('release')) throw thrown;
  console.warn(`Skipped: ${thrown.message}`);
});
const missing = await whyMissing('kafka', Promise.all([postgresUp({ name, isFast: true }), kafkaUp({ name })]));
// The first world takes over what is up.
afterAll(() => Promise.all([postgresDown({ name, isPurged: true }), kafkaDown({ name, isPurged: true })]));

const lines: string[] = [];

(missing === undefined && release !== undefined ? describe : describe.skip)(
  'An earlier release, every service twice, under clients,',
  () => {
    test('becomes this one without a lost, repeated or reordered event, and without a failed request', async () => {
      const answers: number[] = [];
      const look: Fault = {
        name: 'the audit log is asked for',
        async inject({ cluster }) {
          for (const { url } of cluster.of('gateway')) answers.push((await fetch(`${url}/v1/audit`)).status);
          return { count: 1 };
        },
      };
      const found = await runClusterCampaign({
        name,
        seed: 20_261_128,
        clients: 6,
        ...(release && { release }),
        say: (line) => void lines.push(line),
        faults: () => [look, upgrade, look],
        limits: { recover: 180_000, finish: 240_000, rest: 60_000 },
      });
      if (found.violations.length > 0) console.error(lines.join('\n').slice(-20_000));
      expect(found.violations).toEqual([]);
      expect(found.alarms).toEqual({});
      expect(answers).toEqual([404, 404, 200, 200]);
      expect(found.debates).toBeGreaterThan(10);
      expect(found.exits).toBe(0);
    }, 900_000);
  },
);
