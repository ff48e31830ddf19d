export {
  budgetLeft,
  budgetRatio,
  burnRate,
  type Events,
  errorRatio,
  secondsToExhaustion,
} from './budget.ts';
export { type BurnRate, burnWindows, type Severity } from './burn-rate.ts';
export { readSloFolder, sloFolder } from './folder.ts';
export { readSlos, type SloFile } from './read.ts';
export { badQuery, type Indicator, runbookOf, type Slo, totalQuery } from './slo.ts';
