// jest with ES modules on, leaving test-report.json for scripts/test.mjs: for the workspace in the current folder, or at
// the root for the one that the named files are in (`npm run jest -- packages/spine/test/batch.test.ts`).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { pinnedNode, root } from './install.mjs';

const args = process.argv.slice(2);
const workspace = process.cwd() === root ? workspaceOf(args) : process.cwd();
const made = spawnSync(
  pinnedNode(),
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `${root}/node_modules/jest/bin/jest.js`,
    '--config',
    `${root}/jest.config.mjs`,
    '--rootDir',
    workspace,
    '--json',
    '--outputFile=test-report.json',
    ...args.map((arg) => (workspace !== process.cwd() && existsSync(arg) ? relative(workspace, resolve(arg)) : arg)),
  ],
  { cwd: workspace, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exit(made.status ?? 1);

/** The folder of the workspace that all files among the arguments are in. */
function workspaceOf(args) {
  const files = args.filter((arg) => !arg.startsWith('-') && existsSync(arg));
  const folders = files.map((file) => relative(root, resolve(file)).split(/[\\/]/).slice(0, 2).join('/'));
  const [folder, ...others] = new Set(folders);
  if (others.length === 0 && /^(packages|services)\/./.test(folder ?? '')) return resolve(root, folder);
  console.error(
    others.length > 0
      ? `${[folder, ...others].join(' and ')} are several workspaces: run each by itself, or all with "npm test".`
      : 'Name a file or folder of tests, such as packages/spine/test; "npm test" runs all.',
  );
  process.exit(2);
}
