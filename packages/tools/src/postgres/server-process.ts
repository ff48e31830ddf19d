import { existsSync } from 'node:fs';
import { chown, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type CommandOptions, type CommandResult, runCommand } from '../command.ts';
import { commandLine, isRunning, killTree } from '../process-table.ts';

const isRoot = process.getuid?.() === 0;

/** Runs one of the server's programs as somebody it accepts: Postgres refuses to run as root. */
export async function runAsServer(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  if (!isRoot) return runCommand(file, args, options);
  const { user, gid } = await serverUser();
  // An ordinary user with the one capability that lets it through root's closed folders to its files. Without
  // no_setuid_fixup the kernel drops the capability with the change of user, and initdb's access(2) then fails.
  const cap = '-all,+dac_override';
  const lend = ['--securebits', '+no_setuid_fixup', '--inh-caps', cap, '--ambient-caps', cap];
  const become = ['--reuid', user, '--regid', gid, '--clear-groups', ...lend, '--', file, ...args];
  return runCommand('setpriv', become, options);
}

/** Gives a folder to the account that the server runs as. */
export async function giveToServer(folder: string): Promise<void> {
  if (!isRoot) return;
  const { uid, gid } = await serverUser();
  await chown(folder, Number(uid), Number(gid));
}

async function serverUser(): Promise<{ user: string; uid: string; gid: string }> {
  if ((await runCommand('setpriv', ['--version'])).code !== 0) {
    throw new ParleyError(
      'DATABASE_UNAVAILABLE',
      'Postgres does not run as root, and setpriv (util-linux) is not here to start it as somebody else. ' +
        'Install util-linux or run this as an ordinary user.',
    );
  }
  for (const user of ['postgres', 'nobody']) {
    const uid = await runCommand('id', ['-u', user]);
    const gid = await runCommand('id', ['-g', user]);
    if (uid.code === 0 && gid.code === 0) return { user, uid: uid.output.trim(), gid: gid.output.trim() };
  }
  throw new ParleyError(
    'DATABASE_UNAVAILABLE',
    'Postgres does not run as root, and there is neither a user "postgres" nor a user "nobody". Add one.',
  );
}

/** The pid of the postmaster that serves this data folder; undefined when none does. */
export async function postmasterOf(dataDir: string): Promise<number | undefined> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  // Line 1 the pid, line 2 the data folder. A pid that was given to another program since, or a zombie that PID 1
  // has not yet reaped, is no server.
  const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 2 || !(await isRunning(pid))) return undefined;
  return (await commandLine(pid)).includes('postgres') ? pid : undefined;
}

/** Kills the postmaster and everything it has forked, without a chance to write. Resolves when all are gone. */
export async function killServer(dataDir: string, pid: number): Promise<void> {
  await killTree(pid);
  // A zombie with this pid would pass for a live server at the next start.
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}
