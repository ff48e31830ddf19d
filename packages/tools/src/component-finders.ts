import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { messageOf } from '@parley/contracts';
import { findActionlint } from './actionlint.ts';
import { findChromium } from './chromium.ts';
import { cacheDir } from './component/place.ts';
import type { ComponentFinder, MissingComponent, RealComponent, TestRun } from './components-for-tests.ts';
import { canBuildImages, prepareImages } from './images/find-builder.ts';
import { onPath } from './installed-programs.ts';
import { kafka } from './kafka/cluster.ts';
import { kubeIsBuilt } from './kube/cluster.ts';
import { findHelm } from './manifests/helm-program.ts';
import { canMakeOllama, ollama } from './ollama/server.ts';
import { postgres } from './postgres/cluster.ts';
import { findPrograms } from './prometheus/programs.ts';

/** The instance of a component that belongs to this process. */
const name = `test-${process.pid}`;
const hasGo = (): boolean => onPath('go').length > 0;

/** Every component that suites use, but Kubernetes, which is built beside them. */
export const componentFinders: readonly ComponentFinder[] = [
  {
    name: 'postgres',
    async find({ env, say }) {
      if (env.PARLEY_TEST_DATABASE_URL) return { detail: 'PARLEY_TEST_DATABASE_URL' };
      const up = await postgres.up({ name, isFast: true, say });
      env.PARLEY_TEST_DATABASE_URL = up.url;
      return { detail: `${up.version} from ${up.source}`, stop: () => postgres.down({ name, isPurged: true }) };
    },
  },
  {
    name: 'kafka',
    async find({ env, say }) {
      if (env.PARLEY_TEST_KAFKA_BROKERS) return { detail: 'PARLEY_TEST_KAFKA_BROKERS' };
      const up = await kafka.up({ name, say });
      env.PARLEY_TEST_KAFKA_BROKERS = up.brokers;
      return { detail: `${up.version} from ${up.source}`, stop: () => kafka.down({ name, isPurged: true }) };
    },
  },
  { name: 'ollama', find: findOllama, isRequired: isOllamaOwn },
  {
    name: 'chromium',
    async find({ env, isCi, say }) {
      const { path, version, source } = await findChromium({ isInstalling: isCi, say });
      env.CHROMIUM_PATH = path;
      return { detail: `${version} from ${source}` };
    },
  },
  {
    // Tests start servers of their own; here the programs are got, which the first time takes longer than a test may.
    name: 'prometheus',
    async find({ env, say }) {
      const { version, source } = await findPrograms(cacheDir(env), env.PARLEY_PROMETHEUS_BIN, say, false);
      return { detail: `${version} (${source})` };
    },
  },
  {
    name: 'helm',
    async find({ say }) {
      const { version, source } = await findHelm(say);
      return { detail: `${version} and kubectl (${source})` };
    },
  },
  {
    // Tests build and start images; here the builder and the bases are got.
    name: 'images',
    async find({ env, isCi, say }) {
      const { builder, hasStandIns } = await prepareImages(cacheDir(env), { isInstalling: isCi, say });
      const bases = hasStandIns ? 'stand-ins for their bases' : 'their bases as published';
      return { detail: `built by ${builder} on ${bases}, and started` };
    },
    isRequired: canBuildImages,
  },
  {
    name: 'actionlint',
    async find({ env, say }) {
      const { version } = await findActionlint(cacheDir(env), say);
      return { detail: `${version}, built from its Go module` };
    },
    isRequired: hasGo,
  },
];

/** Whether the run makes an Ollama of its own: a build takes minutes, once, so only CI does it. */
async function isOllamaOwn({ env, isCi }: TestRun): Promise<boolean> {
  return isCi && !env.PARLEY_TEST_OLLAMA_HOST && !env.OLLAMA_HOST && (await canMakeOllama());
}

async function findOllama(run: TestRun) {
  const { env, say } = run;
  const named = env.PARLEY_TEST_OLLAMA_HOST || env.OLLAMA_HOST;
  const isOwn = await isOllamaOwn(run);
  const stop = () => ollama.down({ name, isPurged: true });
  try {
    const found = isOwn ? await ollama.up({ name, say }) : await ollama.status().catch(() => undefined);
    const host = named || found?.url || 'http://127.0.0.1:11434';
    const url = /^https?:/.test(host) ? host : `http://${host}`;
    const detail = `${url} with ${(await modelsOf(url)).join(', ')}`;
    env.PARLEY_TEST_OLLAMA_HOST = url;
    return isOwn ? { detail, stop } : { detail };
  } catch (thrown) {
    if (isOwn) await stop();
    // Suites would take it for one that answers.
    delete env.PARLEY_TEST_OLLAMA_HOST;
    throw thrown;
  }
}

async function modelsOf(url: string): Promise<string[]> {
  try {
    const answer = await fetch(`${url}/api/tags`, { signal: AbortSignal.timeout(1_000) });
    const { models } = (await answer.json()) as { models: { name: string }[] };
    if (models.length === 0) throw new Error('it has no model');
    return models.map((model) => model.name);
  } catch (thrown) {
    const cause = (thrown as { cause?: { code?: string } }).cause?.code;
    throw new Error(`${url}: ${cause ?? messageOf(thrown)}; "npm run ollama -- up" starts one`);
  }
}

/**
 * Begins to build a Kubernetes where the run wants one, in a process of its own: that takes minutes, and the suites
 * that need none go on meanwhile.
 */
export function buildKubernetes({ env, isCi }: TestRun) {
  const isBuilt = () => kubeIsBuilt('api');
  const isDemanded = isBuilt() || (isCi && hasGo());
  const program = fileURLToPath(new URL('./kube.ts', import.meta.url));
  const args = ['--disable-warning=ExperimentalWarning', program, 'build', '--api-only'];
  const building =
    isDemanded && !isBuilt() ? spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] }) : undefined;
  let why = '"npm run kube -- build --api-only" makes one';
  building?.stderr.setEncoding('utf8').on('data', (text: string) => {
    why = text.trim();
  });
  return {
    isDemanded,
    /** Resolves at the end of the build. */
    async report(): Promise<{ real: RealComponent[]; missing: MissingComponent[] }> {
      if (building?.exitCode === null && !isBuilt()) await new Promise((resolve) => building.once('close', resolve));
      const real: RealComponent[] = [];
      const missing: MissingComponent[] = [];
      if (isBuilt()) real.push({ name: 'kubernetes', detail: 'its API server, built from its Go modules' });
      else missing.push({ name: 'kubernetes', why: hasGo() ? why : `no Go here; ${why}`, isRequired: isDemanded });
      const node = 'kubernetes node';
      if (env.PARLEY_TEST_KUBE_NODE === '1') real.push({ name: node, detail: 'with the images of this code' });
      else missing.push({ name: node, why: 'PARLEY_TEST_KUBE_NODE=1 runs one, as root', isRequired: false });
      return { real, missing };
    },
  };
}
