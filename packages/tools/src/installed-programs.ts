import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type CommandResult, runCommand } from './command.ts';

export const exe = process.platform === 'win32' ? '.exe' : '';

/** Where PATH has a program, in its order. */
export function onPath(program: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program + exe)).filter(existsSync);
}

/** Somebody else may hold apt's lock; a mirror may fail once. */
const retries = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];

/** Whether this process may install what Debian has. */
export function canAptInstall(): boolean {
  return process.getuid?.() === 0 && onPath('apt-get').length > 0;
}

/** Never rejects: how it failed is in the result. */
export async function aptInstall(packages: readonly string[]): Promise<CommandResult> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // The lists of a fresh machine are empty, and old ones name packages that are gone.
  await runCommand('apt-get', ['update', '-q', ...retries], { env });
  return runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...retries, ...packages], { env });
}
