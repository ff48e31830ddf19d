import { expect, test } from '@jest/globals';
import { runCampaign } from '../src/campaign.ts';
import { runPoisonCampaign } from '../src/poison-campaign.ts';

test('sixty debates with turns of half a second survive thirty kills at random moments, each once, whole and in order', async () => {
  const result = await runCampaign({
    ...{ debates: 60, seed: 20_261_121, turnMs: 500, perLife: 2, kills: 32 },
    ...{ killAfterMs: [50, 900] as const, limitMs: 300_000 },
  });
  expect(result).toMatchObject({ acknowledged: 60, unfinished: [], violations: [] });
  expect(result.outcomes).toMatchObject({ verdicts: 60, failed: [], byDeadline: 0 });
  expect(result.kills).toBeGreaterThanOrEqual(30);
}, 480_000);

const insideOneTurn = {
  ...{ debates: 10, seed: 1, rounds: 1, turnMs: 3_000, kills: 6 },
  ...{ killAfterMs: [500, 500] as const, limitMs: 120_000, finishMs: 120_000 },
};

test('ten debates survive six kills inside one turn', async () => {
  const result = await runCampaign(insideOneTurn);
  expect(result).toMatchObject({ acknowledged: 10, kills: 6, unfinished: [], violations: [] });
  expect(result.outcomes).toMatchObject({ verdicts: 10, failed: [] });
  // It proves nothing unless the kills have hit the same effects.
  expect(result.outcomes.crashes.alone).toBeGreaterThan(0);
}, 240_000);

test('the campaign notices when whatever was in flight is charged with the end of its process', async () => {
  const result = await runCampaign({ ...insideOneTurn, control: 'bystanders', kills: 3 });
  expect(result.outcomes.failed.length).toBeGreaterThan(0);
  expect(result.violations.map(({ rule }) => rule)).toContain('no debate is lost to a kill from outside');
}, 240_000);

test('a turn that ends its process each time it runs is set aside after three ends of its own, and fifty neighbours get their verdicts', async () => {
  const found = await runPoisonCampaign({ neighbours: 50, turnMs: 200, rounds: 1, limitMs: 150_000 });
  expect(found).toMatchObject({ verdicts: 50, wronged: 0, unfinished: [], violations: [] });
  expect(found.setAside.length).toBeGreaterThan(0);
  expect(found.setAside.filter(({ alone }) => alone !== 3)).toEqual([]);
}, 300_000);
