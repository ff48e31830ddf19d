// Runs a file of this repository on the Node that the lockfile pins, after making sure that what it needs is
// installed. On Node's built-ins alone: it is the first thing a fresh clone runs, on whatever Node >= 20 is there.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureInstalled, pinnedNode, root } from './install.mjs';

const [file, ...args] = process.argv.slice(2);
ensureInstalled({ isForWork: !file.startsWith('packages/cli/') });
const child = spawn(pinnedNode(), ['--disable-warning=ExperimentalWarning', `${root}/${file}`, ...args], {
  stdio: 'inherit',
  // With it Node reads TypeScript that it has read before without its compiler, which is 20 MB in every process.
  env: { NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node`, ...process.env },
});
// A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on. Either way
// the child decides when it has drained, and this process ends as it did.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
