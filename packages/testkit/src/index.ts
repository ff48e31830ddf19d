export { fullRounds, marks, proWins, startDebate, turnFailed, turnReplied } from './debates.ts';
export { runInterleaved, type World } from './interleave.ts';
export { isDemanded, whyMissing } from './missing.ts';
export { foldEquals, type Run, runProcess, type Timed } from './run.ts';
export { type Decided, type Outcome, type Scenario, scenario } from './scenario.ts';
export { deepFreeze, throughJson } from './strict.ts';
export { gate, until } from './until.ts';
export { openWebhook, type Webhook } from './webhook.ts';
export { freshText } from './words.ts';
