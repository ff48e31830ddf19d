// npm test: finds or starts the real components, runs every workspace's suite through turbo, sums up, and says what
// was real. `npm test -- --filter=@parley/spine` goes to turbo.
import { spawn } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { buildKubernetes, componentFinders, findComponents, slowestFiles } from '@parley/tools';
import { root } from './install.mjs';
import { openSeats } from './seats.mjs';

const isCi = process.env.CI === 'true';
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' };
const run = { env, isCi, say: (line) => console.error(line) };
/** An upgrade is from a commit of the history, which a shallow clone has not. */
const releaseFinder = {
  name: 'release',
  isRequired: () => false,
  async find({ say }) {
    const { earlier, openRelease } = await import('../packages/e2e/src/cluster/release.ts');
    await openRelease(earlier, say);
    return { detail: `an earlier one, commit ${earlier.slice(0, 8)}` };
  },
};

const found = await findComponents([...componentFinders, releaseFinder], run);
const kubernetes = buildKubernetes(run);
const demanded = [...found.real.map(({ name }) => name), ...(kubernetes.isDemanded ? ['kubernetes'] : [])];
env.PARLEY_TEST_COMPONENTS = demanded.join(',');

for (const old of globSync('{packages,services}/*/test-report.json', { cwd: root })) rmSync(`${root}/${old}`);
env.PARLEY_TEST_SEATS = String(await openSeats());
// All workspaces at once: their suites wait for a seat.
const turbo = [`${root}/node_modules/turbo/bin/turbo`, 'run', 'test', '--concurrency=100', '--continue'];
const status = await new Promise((done) => {
  const options = { cwd: root, env, stdio: ['ignore', 2, 2] };
  spawn(process.execPath, [...turbo, ...process.argv.slice(2)], options).on('exit', done);
});
await found.stop();
const built = await kubernetes.report();
const missing = [...found.missing, ...built.missing];

const sum = { passed: 0, failed: 0, skipped: 0 };
const reports = new Map();
for (const path of globSync('{packages,services}/*/test-report.json', { cwd: root }).sort()) {
  const report = JSON.parse(readFileSync(`${root}/${path}`, 'utf8'));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const row = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  for (const key of Object.keys(sum)) sum[key] += row[key];
  const workspace = path.split('/').slice(0, 2).join('/');
  reports.set(workspace, report);
  console.log(
    `${workspace.padEnd(22)} ${String(row.passed).padStart(5)} passed ${row.failed} failed ${row.skipped} skipped`,
  );
}
if (reports.size > 0) console.log(['The slowest test files:', ...slowestFiles(reports, 10)].join('\n'));
for (const { name, detail } of [...found.real, ...built.real]) console.log(`real ${name}: ${detail}`);
for (const { name, why } of missing) console.log(`NOT RUN against a real ${name}: ${why}`);

let failed = sum.failed;
if (status !== 0 && failed === 0) failed = 1;
const required = missing.filter(({ isRequired }) => isCi && isRequired);
failed += required.length;
console.log(`${sum.passed} passed, ${failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
