// npm run chaos -- [--debates N] [--seed N]: the long form of the kill -9 campaign, printed as JSON.
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: { debates: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const result = await runCampaign({
  debates: Number(values.debates),
  seed: Number(values.seed),
  killAfterMs: [200, 3_000],
  limitMs: 15 * 60_000,
  report: (line) => console.error(line),
});
console.log(JSON.stringify(result, null, 2));
process.exitCode = result.violations.length + result.unfinished.length === 0 ? 0 : 1;
