export { packCluster } from './database/cluster-template.ts';
export type { Database, Sql, Transaction } from './database/database.ts';
export { quoteSchema } from './database/database.ts';
export { type EmbeddedOptions, openEmbedded } from './database/embedded.ts';
export { type AppRole, grantApp } from './database/grant.ts';
export { isFolderFree } from './database/lock.ts';
export { checkMigrated, migrate, type ServiceSchema } from './database/migrate.ts';
export { isUniqueViolation } from './database/pg-errors.ts';
export { openPostgres, type PostgresOptions } from './database/pool.ts';
export { noSignals, type Signals } from './database/signals.ts';
export { createProcessGate, type ProcessGate } from './effects/process-gate.ts';
export { armFailpoint, type Failpoint, failpoints, type ReachFailpoint } from './failpoint.ts';
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
export { createOutbox, type Outbox } from './outbox/outbox.ts';
export type { Publisher } from './outbox/send.ts';
export { createSpine, type Spine, type SpineOptions } from './spine.ts';
export type { StoredEvent } from './stream-reader.ts';
export { createWriteCheck, type WriteCheckOptions } from './tick/write-check.ts';
