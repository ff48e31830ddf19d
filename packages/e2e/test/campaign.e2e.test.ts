import { expect, test } from '@jest/globals';
import { runCampaign } from '../src/campaign.ts';

test('a hundred debates survive kill -9 every few seconds, each once, whole and in order', async () => {
  const result = await runCampaign({ debates: 100, seed: 20_261_121, killAfterMs: [200, 1_500], limitMs: 120_000 });
  expect(result).toMatchObject({ acknowledged: 100, unfinished: [], violations: [] });
  expect(result.kills).toBeGreaterThanOrEqual(3);
}, 240_000);
