// jest for the workspace in the current folder, with ES modules on, leaving test-report.json for scripts/test.mjs.
import { spawnSync } from 'node:child_process';
import { pinnedNode, root } from './install.mjs';

const made = spawnSync(
  pinnedNode(),
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `${root}/node_modules/jest/bin/jest.js`,
    '--config',
    `${root}/jest.config.mjs`,
    '--rootDir',
    process.cwd(),
    '--json',
    '--outputFile=test-report.json',
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
process.exit(made.status ?? 1);
