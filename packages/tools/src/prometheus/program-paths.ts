import { join } from 'node:path';
import { exe, onPath } from '../search-path.ts';

/** Paths of programs that belong together. */
export interface ProgramPaths {
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
  readonly amtool: string;
}

export function inFolder(folder: string, names: Partial<ProgramPaths> = {}): ProgramPaths {
  const at = (name: keyof ProgramPaths) => join(folder, (names[name] ?? name) + exe);
  return {
    prometheus: at('prometheus'),
    promtool: at('promtool'),
    alertmanager: at('alertmanager'),
    amtool: at('amtool'),
  };
}

/** All four or nothing. */
export function onSearchPath(): ProgramPaths | undefined {
  const [prometheus] = onPath('prometheus');
  const [promtool] = onPath('promtool');
  // The second is Debian's name for it.
  const [alertmanager] = [...onPath('alertmanager'), ...onPath('prometheus-alertmanager')];
  const [amtool] = onPath('amtool');
  const isWhole = prometheus && promtool && alertmanager && amtool;
  return isWhole ? { prometheus, promtool, alertmanager, amtool } : undefined;
}
