import type { Violation } from '../checker.ts';
import type { Load } from './load.ts';
import type { World } from './world.ts';

export interface Injected {
  /** Single faults. */
  readonly count: number;
  /** Processes of services that were killed, and have been started anew by their supervisor. */
  readonly kills?: number;
  readonly violations?: readonly Violation[];
}

/** One way to break something. */
export interface Fault {
  readonly name: string;
  /** Resolves at the moment from which recovery counts: the last kill, or the server that serves again. */
  inject(world: World, load: Load): Promise<Injected>;
}
