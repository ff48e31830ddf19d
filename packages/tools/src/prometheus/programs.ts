import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { withLock } from '../file-lock.ts';
import type { Say } from '../progress.ts';
import { debianPrograms } from './debian-programs.ts';
import { goPrograms } from './go-programs.ts';
import { inFolder, onSearchPath, type ProgramPaths } from './program-paths.ts';
import { unavailable } from './unavailable.ts';

export interface PrometheusPrograms extends ProgramPaths {
  readonly source: 'PARLEY_PROMETHEUS_BIN' | 'installed' | 'debian' | 'go';
  /** Such as "2.42.0". */
  readonly version: string;
}

const fetchTimeoutMs = 3_600_000;

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
  const shared = join(home, 'prometheus-server');
  const failed: string[] = [];
  const get = async () => {
    const ways = [
      { source: 'debian', fetch: debianPrograms },
      { source: 'go', fetch: goPrograms },
    ] as const;
    for (const { source, fetch } of ways) {
      const folder = join(shared, source);
      if (source === 'go' && !mayBuild && !existsSync(folder)) continue;
      try {
        return await inspect(await fetch(folder, say), source);
      } catch (thrown) {
        failed.push(messageOf(thrown));
      }
    }
    throw unavailable(
      `No Prometheus found: ${failed.join(' ')} Install prometheus and alertmanager, or name their folder in ` +
        'PARLEY_PROMETHEUS_BIN.',
    );
  };
  return withLock(join(shared, 'fetch.lock'), get, { code: 'PROMETHEUS_UNAVAILABLE', timeoutMs: fetchTimeoutMs });
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
