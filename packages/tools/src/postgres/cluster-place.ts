import { join } from 'node:path';
import { type ComponentOptions, type ComponentPlace, componentPlace } from '../component-place.ts';
import type { ServerBinaries } from './server-binaries.ts';

export type PostgresOptions = ComponentOptions;

/** Where everything of one cluster is. */
export interface Place extends ComponentPlace {
  readonly data: string;
  readonly log: string;
  readonly password: string;
}

/** What is remembered of a cluster between two starts. */
export interface Kept extends ServerBinaries {
  readonly port: number;
}

export function placeOf(options: PostgresOptions): Place {
  const at = componentPlace('postgres', options);
  const data = join(at.folder, 'data');
  return { ...at, data, log: join(at.folder, 'log'), password: join(data, 'parley.password') };
}
