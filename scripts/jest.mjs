// jest with ES modules on, leaving test-report.json for scripts/test.mjs: for the workspace in the current folder, or at
// the root for the one that the named files are in (`npm run jest -- packages/spine/test/batch.test.ts`). Named files run
// in one process. A whole workspace runs in several, because a process that has loaded a dozen suites takes three times as
// long for the next; how many of them run at a time is said in seats.mjs.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pinnedNode, root } from './install.mjs';
import { openSeats, takeSeat } from './seats.mjs';

/** Suites that take a minute or more begin first, so that nothing waits for them at the end. */
const longest = [
  ...['campaign.e2e', 'cluster.e2e', 'crash.e2e', 'upgrade.e2e', 'images.e2e', 'model-faults.e2e'],
  ...['context-guard.int', 'dashboards.int'],
];
/** Then those that the suffix says take longer. */
const suffixes = ['.e2e.test.ts', '.int.test.ts', '.test.ts'];
/** Suites that begin after all others: Kubernetes is built meanwhile. */
const last = ['kube-api.int'];
/** Suites that wait a third of their time or more, and have no limit that a busy machine would break. */
const idle =
  /[\\/](cluster\.e2e|cluster-system\.int|dashboards\.int|model-faults\.e2e|probes\.int|upgrade\.e2e)\.test\.ts$/;
/** Suites that nothing busy may run beside: seven products at once, each asked with a time limit. */
const alone = /[\\/]outage\.e2e\.test\.ts$/;
/** Suites that share a process and so run one after the other: one small Kafka broker gives up the groups of two. */
const oneByOne = /[\\/]kafka-(bus|publishing|reading)\.int\.test\.ts$/;
/** Unit tests that share a process. */
const unitsTogether = 8;
/** What jest says of all that one process ran. */
const ownSummary = /^(Tests|Test Suites|Snapshots|Time|Ran all|Test results)\b.*\n/gm;
const totals = ['numPassedTests', 'numFailedTests', 'numPendingTests', 'numTodoTests', 'numTotalTests'];

/** Programs that tests start take no seat of this run. */
const { PARLEY_TEST_SEATS: seats, ...env } = process.env;
const args = process.argv.slice(2);
const workspace = process.cwd() === root ? workspaceOf(args) : process.cwd();
process.exit(args.length > 0 ? await jest(args.map(inWorkspace), 'test-report.json') : await all());

function inWorkspace(arg) {
  return workspace !== process.cwd() && existsSync(arg) ? relative(workspace, resolve(arg)) : arg;
}

/** Runs jest with more arguments and resolves to its exit code. What it says goes where this process's does, or into a file. */
function jest(more, report, log = 'inherit') {
  const program = `${root}/node_modules/jest/bin/jest.js`;
  const own = ['--config', `${root}/jest.config.mjs`, '--rootDir', workspace, '--json', `--outputFile=${report}`];
  const child = spawn(
    pinnedNode(),
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', program, ...own, ...more],
    {
      cwd: workspace,
      stdio: ['ignore', log, log],
      // Programs that tests start need not compile again what the one before compiled.
      env: { NODE_COMPILE_CACHE: `${root}/node_modules/.cache/node`, ...env },
    },
  );
  return new Promise((done) => child.on('exit', (code) => done(code ?? 1)));
}

/** Runs every suite of the workspace, for one report and one summary, and resolves to the exit code. */
async function all() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-reports-'));
  const reports = [];
  const codes = [];
  let tookMs = 0;
  const port = Number(seats ?? (await openSeats()));
  const run = async ({ files, kind, rank }, index) => {
    const report = join(folder, `${index}.json`);
    // A file, because a program that a test leaves behind would hold a pipe open.
    const log = join(folder, `${index}.log`);
    const exact = files.map((file) => join(workspace, file));
    const leave = await takeSeat(port, { kind, rank });
    const began = performance.now();
    const output = openSync(log, 'w');
    codes.push(await jest(['--verbose=false', '--runInBand', '--runTestsByPath', ...exact], report, output));
    closeSync(output);
    leave();
    tookMs += performance.now() - began;
    process.stderr.write(readFileSync(log, 'utf8').replace(ownSummary, ''));
    if (existsSync(report)) reports.push(JSON.parse(readFileSync(report, 'utf8')));
  };
  await Promise.all(processes(suitesIn('.')).map(run));
  rmSync(folder, { recursive: true });
  const sum = Object.fromEntries(totals.map((key) => [key, reports.reduce((all, report) => all + report[key], 0)]));
  const testResults = reports.flatMap((report) => report.testResults);
  const success = testResults.length > 0 && codes.every((code) => code === 0);
  writeFileSync(join(workspace, 'test-report.json'), JSON.stringify({ ...sum, success, testResults }));
  const counts = `${sum.numPassedTests} passed, ${sum.numFailedTests} failed, ${sum.numPendingTests} skipped`;
  console.error(`${counts} in ${testResults.length} files and ${Math.round(tookMs / 1000)} s of their processes`);
  return success ? 0 : 1;
}

function suitesIn(folder) {
  return readdirSync(join(workspace, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : suitesIn(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** What runs in which process, each suite with servers in one of its own, and which seat that needs. */
function processes(files) {
  const isUnit = (file) => !/\.(int|e2e)\.test\.ts$/.test(file);
  const has = (file) => (name) => file.includes(`/${name}.`);
  const rank = (file) => {
    const at = longest.findIndex(has(file));
    if (at !== -1) return at;
    const isLast = last.some(has(file));
    return longest.length + (isLast ? suffixes.length : suffixes.findIndex((suffix) => file.endsWith(suffix)));
  };
  const kind = (file) => (alone.test(file) ? 'alone' : idle.test(file) ? 'idle' : 'busy');
  const suites = files.filter((file) => !isUnit(file) && !oneByOne.test(file)).sort();
  const shared = files.filter((file) => oneByOne.test(file)).sort();
  const units = files.filter(isUnit).sort();
  return [
    ...Array.from({ length: Math.ceil(units.length / unitsTogether) }, (_, n) => ({
      files: units.slice(n * unitsTogether, (n + 1) * unitsTogether),
      kind: 'busy',
      rank: rank('.test.ts'),
    })),
    ...(shared.length > 0 ? [{ files: shared, kind: 'busy', rank: longest.length }] : []),
    // After them, so that one that runs alone is not asked for when nobody else has come yet.
    ...suites.map((file) => ({ files: [file], kind: kind(file), rank: rank(file) })),
  ];
}

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
