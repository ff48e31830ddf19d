export {
  budgetLeft,
  budgetRatio,
  burnRate,
  type Events,
  errorRatio,
  secondsToExhaustion,
} from './budget.ts';
export { type BurnRate, burnWindows, type Severity } from './burn-rate.ts';
export { type Counts, countedEvents, type Sample } from './counted.ts';
export { readSloFolder, sloFolder } from './folder.ts';
export { type GeneratedFile, generateRules } from './generate.ts';
export { readSlos, type SloFile } from './read.ts';
export { runbookOf, runbookUrl } from './runbook.ts';
export { badQuery, errorQuery, type Indicator, type Slo, totalQuery } from './slo.ts';
export { type Measured, sloStatusOf } from './slo-status.ts';
