// npm test: finds or starts the real components, runs every workspace's suite through turbo, sums up, and says what
// was real. `npm test -- --filter=@parley/spine` goes to turbo.
import { spawn, spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { root } from './install.mjs';

const isCi = process.env.CI === 'true';
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', FORCE_COLOR: '0' };
const real = [];
const missing = [];

const postgres = await findPostgres();
const kafka = await findKafka();
const ollama = await findOllama();
await findBrowser();
await findProgramsOfPrometheus();
await findProgramsOfHelm();
await findEarlierRelease();
await findImages();
await findLinterOfWorkflows();
const kubernetes = await findKubernetes();
const demanded = [...real.map(({ name }) => name), ...(kubernetes.isDemanded ? ['kubernetes'] : [])];
env.PARLEY_TEST_COMPONENTS = demanded.join(',');

for (const old of globSync('{packages,services}/*/test-report.json', { cwd: root })) rmSync(`${root}/${old}`);
// Kubernetes is built beside the others: the suite that waits for it goes last.
const given = process.argv.slice(2);
const runs = given.length > 0 ? [given] : [['--filter=!@parley/e2e'], ['--filter=@parley/e2e']];
const statuses = runs.map((filter) => {
  const turbo = [`${root}/node_modules/turbo/bin/turbo`, 'run', 'test', '--concurrency=1', '--continue', ...filter];
  return spawnSync(process.execPath, turbo, { cwd: root, env, stdio: ['ignore', 2, 2] }).status;
});
await postgres?.stop();
await kafka?.stop();
await ollama?.stop();
await kubernetes.report();

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
const { slowestFiles } = await import('@parley/tools');
if (reports.size > 0) console.log(['The slowest test files:', ...slowestFiles(reports, 10)].join('\n'));
for (const { name, detail } of real) console.log(`real ${name}: ${detail}`);
for (const { name, why } of missing) console.log(`NOT RUN against a real ${name}: ${why}`);

let failed = sum.failed;
if (statuses.some((status) => status !== 0) && failed === 0) failed = 1;
const required = missing.filter(({ isRequired }) => isCi && isRequired);
failed += required.length;
console.log(`${sum.passed} passed, ${failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

async function findPostgres() {
  if (env.PARLEY_TEST_DATABASE_URL) {
    real.push({ name: 'postgres', detail: 'PARLEY_TEST_DATABASE_URL' });
    return undefined;
  }
  try {
    const { postgresDown, postgresUp } = await import('@parley/tools');
    const name = `test-${process.pid}`;
    const up = await postgresUp({ name, isFast: true });
    env.PARLEY_TEST_DATABASE_URL = up.url;
    real.push({ name: 'postgres', detail: `${up.version ?? ''} from ${up.source}`.trim() });
    return { stop: () => postgresDown({ name, isPurged: true }) };
  } catch (thrown) {
    missing.push({ name: 'postgres', why: thrown.message, isRequired: true });
    return undefined;
  }
}

async function findKafka() {
  if (env.PARLEY_TEST_KAFKA_BROKERS) {
    real.push({ name: 'kafka', detail: 'PARLEY_TEST_KAFKA_BROKERS' });
    return undefined;
  }
  try {
    const { kafkaDown, kafkaUp } = await import('@parley/tools');
    const name = `test-${process.pid}`;
    const up = await kafkaUp({ name, say: (line) => console.error(line) });
    env.PARLEY_TEST_KAFKA_BROKERS = up.brokers;
    real.push({ name: 'kafka', detail: `${up.version} from ${up.source}` });
    return { stop: () => kafkaDown({ name, isPurged: true }) };
  } catch (thrown) {
    missing.push({ name: 'kafka', why: thrown.message, isRequired: true });
    return undefined;
  }
}

async function findBrowser() {
  try {
    const { findChromium } = await import('@parley/tools');
    const { path, version, source } = await findChromium({ isInstalling: isCi, say: (line) => console.error(line) });
    env.CHROMIUM_PATH = path;
    real.push({ name: 'chromium', detail: `${version} from ${source}` });
  } catch (thrown) {
    missing.push({ name: 'chromium', why: thrown.message, isRequired: true });
  }
}

/**
 * Its programs are built in minutes, so only in CI, and beside the suites that do not need them: the one that does waits.
 */
async function findKubernetes() {
  const { kubeIsBuilt } = await import('@parley/tools');
  const isBuilt = () => kubeIsBuilt('api');
  const isDemanded = isBuilt() || (isCi && hasGo());
  let why = '"npm run kube -- build --api-only" makes one';
  const building =
    isDemanded && !isBuilt()
      ? spawn(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', `${root}/packages/tools/src/kube.ts`, 'build', '--api-only'],
          {
            stdio: ['ignore', 'ignore', 'pipe'],
          },
        )
      : undefined;
  building?.stderr.setEncoding('utf8').on('data', (text) => {
    why = text.trim();
  });
  return {
    isDemanded,
    async report() {
      if (building?.exitCode === null && !isBuilt()) await new Promise((resolve) => building.once('close', resolve));
      if (isBuilt()) real.push({ name: 'kubernetes', detail: 'its API server, built from its Go modules' });
      else missing.push({ name: 'kubernetes', why: hasGo() ? why : `no Go here; ${why}`, isRequired: isDemanded });
      if (env.PARLEY_TEST_KUBE_NODE === '1')
        real.push({ name: 'kubernetes node', detail: 'with the images of this code' });
      else
        missing.push({ name: 'kubernetes node', why: 'PARLEY_TEST_KUBE_NODE=1 runs one, as root', isRequired: false });
    },
  };
}

function hasGo() {
  return spawnSync('go', ['version']).status === 0;
}

async function findOllama() {
  const named = env.PARLEY_TEST_OLLAMA_HOST || env.OLLAMA_HOST;
  const { canMakeOllama, ollamaDown, ollamaStatus, ollamaUp } = await import('@parley/tools');
  const name = `test-${process.pid}`;
  // Building one takes minutes, once, so only CI does it.
  const isOwn = isCi && named === undefined && (await canMakeOllama());
  try {
    const own = isOwn
      ? await ollamaUp({ name, say: (line) => console.error(line) })
      : await ollamaStatus().catch(() => undefined);
    const host = named || own?.url || 'http://127.0.0.1:11434';
    const url = /^https?:/.test(host) ? host : `http://${host}`;
    const models = await modelsOf(url);
    env.PARLEY_TEST_OLLAMA_HOST = url;
    real.push({ name: 'ollama', detail: `${url} with ${models.join(', ')}` });
  } catch (thrown) {
    delete env.PARLEY_TEST_OLLAMA_HOST;
    missing.push({ name: 'ollama', why: thrown.message, isRequired: isOwn });
  }
  return isOwn ? { stop: () => ollamaDown({ name, isPurged: true }) } : undefined;
}

async function modelsOf(url) {
  try {
    const answer = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(1_000) });
    const { models } = await answer.json();
    if (models.length === 0) throw new Error('it has no model');
    return models.map((model) => model.name);
  } catch (thrown) {
    throw new Error(`${url}: ${thrown.cause?.code ?? thrown.message}; "npm run ollama -- up" starts one`);
  }
}

/** Tests start servers of their own; here the programs are got, which the first time takes longer than a test may. */
async function findProgramsOfPrometheus() {
  try {
    const { cacheDir, findPrometheus } = await import('@parley/tools');
    const found = await findPrometheus(cacheDir(env), env.PARLEY_PROMETHEUS_BIN, (line) => console.error(line), false);
    real.push({ name: 'prometheus', detail: `${found.version} (${found.source})` });
  } catch (thrown) {
    missing.push({ name: 'prometheus', why: thrown.message, isRequired: true });
  }
}

/** An upgrade is from a commit of the history, which a shallow clone has not. */
async function findEarlierRelease() {
  try {
    const { earlier, openRelease } = await import('../packages/e2e/src/cluster/release.ts');
    await openRelease(earlier, (line) => console.error(line));
    real.push({ name: 'release', detail: `an earlier one, commit ${earlier.slice(0, 8)}` });
  } catch (thrown) {
    missing.push({ name: 'release', why: thrown.message, isRequired: false });
  }
}

/** Tests build and start images; here the builder and the bases are got, which the first time takes longer than a test may. */
async function findImages() {
  const { cacheDir, canBuildImages, prepareImages } = await import('@parley/tools');
  try {
    const options = { isInstalling: isCi, say: (line) => console.error(line) };
    const { builder, hasStandIns } = await prepareImages(cacheDir(env), options);
    const bases = hasStandIns ? 'stand-ins for their bases' : 'their bases as published';
    real.push({ name: 'images', detail: `built by ${builder} on ${bases}, and started` });
  } catch (thrown) {
    missing.push({ name: 'images', why: thrown.message, isRequired: await canBuildImages() });
  }
}

async function findLinterOfWorkflows() {
  try {
    const { cacheDir, findActionlint } = await import('@parley/tools');
    const { version } = await findActionlint(cacheDir(env), (line) => console.error(line));
    real.push({ name: 'actionlint', detail: `${version}, built from its Go module` });
  } catch (thrown) {
    missing.push({ name: 'actionlint', why: thrown.message, isRequired: hasGo() });
  }
}

async function findProgramsOfHelm() {
  try {
    const { findHelm } = await import('@parley/tools');
    const found = await findHelm((line) => console.error(line));
    real.push({ name: 'helm', detail: `${found.version} and kubectl (${found.source})` });
  } catch (thrown) {
    missing.push({ name: 'helm', why: thrown.message, isRequired: true });
  }
}
