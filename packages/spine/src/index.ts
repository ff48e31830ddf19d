export { packCluster } from './cluster-template.ts';
export type { Database, Sql, Transaction } from './database.ts';
export { quoteSchema } from './database.ts';
export { type EmbeddedOptions, openEmbedded } from './embedded.ts';
export { armFailpoint, type Failpoint, failpoints, type ReachFailpoint } from './failpoint.ts';
export { type AppRole, grantApp } from './grant.ts';
export type { Backlog, CrashedEffect, EffectStart, ParkedStream, SpineHooks, TickReport } from './hooks.ts';
export { createHousekeeping, type HousekeepingOptions } from './housekeeping.ts';
export {
  type Announcement,
  type Arrival,
  type EffectCall,
  type EffectHandler,
  type Kind,
  type Publish,
  timerEffect,
} from './kind.ts';
export { isFolderFree } from './lock.ts';
export { checkMigrated, migrate, type ServiceSchema } from './migrate.ts';
export { createOutbox, type Outbox } from './outbox.ts';
export { isUniqueViolation } from './pg-errors.ts';
export { openPostgres, type PostgresOptions } from './pool.ts';
export { createProcessGate, type ProcessGate } from './process-gate.ts';
export type { Publisher } from './send.ts';
export { noSignals, type Signals } from './signals.ts';
export { createSpine, type Spine, type SpineOptions } from './spine.ts';
export type { StoredEvent } from './stream-reader.ts';
export { createWriteCheck, type WriteCheckOptions } from './write-check.ts';
