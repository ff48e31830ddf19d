export { cacheDir } from './cache-dir.ts';
export {
  type PostgresInfo,
  type PostgresUpOptions,
  postgresDown,
  postgresKill9,
  postgresRestart,
  postgresStatus,
  postgresUp,
} from './postgres/cluster.ts';
export type { PostgresOptions } from './postgres/cluster-place.ts';
