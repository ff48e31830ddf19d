import { type CommandResult, runCommand } from './command.ts';
import { onPath } from './search-path.ts';

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
