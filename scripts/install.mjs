import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * `npm ci` when node_modules is missing, older than the lockfile (npm writes the marker file last), or without what
 * work on the project needs beyond running it, which is most of it.
 */
export function ensureInstalled({ isForWork = true } = {}) {
  const marker = `${root}/node_modules/.package-lock.json`;
  const lock = `${root}/package-lock.json`;
  const isFresh = existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs;
  if (isFresh && (!isForWork || existsSync(`${root}/node_modules/jest`))) return;
  const what = isForWork ? [] : ['--omit=dev'];
  console.error(`Installing dependencies (${['npm', 'ci', ...what].join(' ')}), once …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const made = spawnSync(npm, ['ci', '--loglevel=error', ...what], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (made.status !== 0) {
    console.error('npm ci failed; its message is above.');
    process.exit(made.status ?? 1);
  }
  console.error('Preparing the embedded database, once …');
  // Without it the first start makes the cluster itself, which takes longer.
  spawnSync(pinnedNode(), ['--disable-warning=ExperimentalWarning', `${root}/packages/spine/src/database/prepare.ts`], {
    stdio: ['ignore', 2, 2],
  });
}

/** The Node 24 of the lockfile; without it (an install that left optional packages out) the running Node, if it can. */
export function pinnedNode() {
  const bin = `${root}/node_modules/.bin/node${process.platform === 'win32' ? '.cmd' : ''}`;
  if (existsSync(bin)) return bin;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  console.error(`Parley needs Node 22.18 or newer; this is ${process.version}, and the pinned Node is not installed.`);
  console.error('Run "npm ci" without --omit=optional.');
  process.exit(1);
}
