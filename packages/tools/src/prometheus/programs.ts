import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { makeOnce } from '../component/shared-folder.ts';
import { exe, onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';
import {
  alertmanager,
  buildWithGo,
  debianPackages,
  prometheus,
  unavailable,
  unpackDebian,
  wrapper,
} from './fetched-programs.ts';

/** Paths of programs that belong together. */
interface ProgramPaths {
  readonly prometheus: string;
  readonly promtool: string;
  readonly alertmanager: string;
  readonly amtool: string;
}

export interface PrometheusPrograms extends ProgramPaths {
  readonly source: 'PARLEY_PROMETHEUS_BIN' | 'installed' | 'debian' | 'go';
  /** Such as "2.42.0". */
  readonly version: string;
}

/** How the programs come into a folder of the cache, and where in it they are. */
const ways = [
  {
    source: 'debian',
    tools: ['apt-get', 'dpkg-deb'],
    announce: (folder: string) => `Fetching Debian's ${debianPackages.join(' and ')} (29 MB) into ${folder}, once …`,
    doing: 'fetching',
    make: unpackDebian,
    names: {
      prometheus: 'usr/bin/prometheus',
      promtool: 'usr/bin/promtool',
      alertmanager: wrapper,
      amtool: 'usr/bin/amtool',
    },
  },
  {
    source: 'go',
    tools: ['go'],
    announce: (folder: string) =>
      `Building Prometheus ${prometheus.is} and Alertmanager ${alertmanager.is} into ${folder}, once; takes minutes …`,
    doing: 'building',
    make: buildWithGo,
    names: {},
  },
] as const;

/**
 * The first of: the folder that the caller names, PATH, Debian's packages (unpacked into the cache folder, nothing is
 * installed), a build of the Go modules there. The latter two happen once; a build, which takes minutes, if it may.
 * @throws ParleyError PROMETHEUS_UNAVAILABLE: none is to be had, and what to do.
 */
export async function findPrograms(
  home: string,
  named: string | undefined,
  say: Say,
  mayBuild = true,
): Promise<PrometheusPrograms> {
  if (named) return inspect(inFolder(named), 'PARLEY_PROMETHEUS_BIN');
  const installed = onSearchPath();
  if (installed !== undefined) return inspect(installed, 'installed');
  const failed: string[] = [];
  const lock = join(home, 'prometheus-server', 'fetch.lock');
  for (const { source, tools, announce, doing, make, names } of ways) {
    const folder = join(home, 'prometheus-server', source);
    if (source === 'go' && !mayBuild && !existsSync(folder)) continue;
    const missing = existsSync(folder) ? [] : tools.filter((tool) => onPath(tool).length === 0);
    try {
      if (missing.length > 0) throw unavailable(`Programs from "${source}" need ${missing.join(', ')}.`);
      const about = { code: 'PROMETHEUS_UNAVAILABLE', announcement: announce(folder), doing, say } as const;
      await makeOnce({ ...about, folder, lock }, make);
      return await inspect(inFolder(folder, names), source);
    } catch (thrown) {
      failed.push(messageOf(thrown));
    }
  }
  throw unavailable(
    `No Prometheus found: ${failed.join(' ')} Install prometheus and alertmanager, or name their folder in ` +
      'PARLEY_PROMETHEUS_BIN.',
  );
}

function inFolder(folder: string, names: Partial<ProgramPaths> = {}): ProgramPaths {
  const at = (name: keyof ProgramPaths) => join(folder, (names[name] ?? name) + exe);
  return {
    prometheus: at('prometheus'),
    promtool: at('promtool'),
    alertmanager: at('alertmanager'),
    amtool: at('amtool'),
  };
}

/** All four or nothing. */
function onSearchPath(): ProgramPaths | undefined {
  const [server] = onPath('prometheus');
  const [promtool] = onPath('promtool');
  // The second is Debian's name for it.
  const [manager] = [...onPath('alertmanager'), ...onPath('prometheus-alertmanager')];
  const [amtool] = onPath('amtool');
  const isWhole = server && promtool && manager && amtool;
  return isWhole ? { prometheus: server, promtool, alertmanager: manager, amtool } : undefined;
}

async function inspect(programs: ProgramPaths, source: PrometheusPrograms['source']): Promise<PrometheusPrograms> {
  const absent = Object.values(programs).filter((program) => !existsSync(program));
  if (absent.length > 0) throw unavailable(`There is no ${absent.join(', ')} (${source}).`);
  const { code, output } = await runCommand(programs.promtool, ['--version']);
  // "promtool, version 2.42.0+ds (branch: …"
  const version = /version (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (code !== 0 || version === undefined) {
    throw unavailable(`"${programs.promtool}" does not run (${source}): ${output.trim().slice(-500)}`);
  }
  return { ...programs, source, version };
}
