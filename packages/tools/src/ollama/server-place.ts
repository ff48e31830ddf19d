import { join } from 'node:path';
import { type ComponentOptions, type ComponentPlace, componentPlace } from '../component-place.ts';

export type OllamaOptions = ComponentOptions;

/** Where everything of one server is. What several share is beside it, in `ollama-server`. */
export interface Place extends ComponentPlace {
  readonly log: string;
  readonly pidFile: string;
  readonly models: string;
}

/** A server's program on this machine. */
export interface ServerProgram {
  readonly bin: string;
  readonly source: 'PARLEY_OLLAMA_BIN' | 'installed' | 'built';
  /** Such as "0.17.4". */
  readonly version: string;
}

/** What is remembered of a server between two starts. */
export interface Kept extends ServerProgram {
  readonly port: number;
}

export function placeOf(options: OllamaOptions): Place {
  const at = componentPlace('ollama', options);
  const { folder } = at;
  return { ...at, log: join(folder, 'log'), pidFile: join(folder, 'pid'), models: join(folder, 'models') };
}

/** Where built programs and fetched models are, for every server of this cache folder. */
export function sharedFolder(home: string): string {
  return join(home, 'ollama-server');
}
