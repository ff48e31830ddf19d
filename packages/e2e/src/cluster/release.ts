import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { passwordVariable } from '@parley/cli/operating/migrate.ts';
import { modules } from '@parley/cli/services.ts';
import { type ServiceName, serviceNames } from '@parley/contracts';
import { cacheDir } from '@parley/tools';

/** An earlier build of Parley that can be run. */
export interface Release {
  readonly programs: Readonly<Record<ServiceName, string>>;
  /** Its own migrations and rights. */
  migrate(databaseUrl: string, passwords: Readonly<Record<ServiceName, string>>): Promise<void>;
}

/** Before the audit log, limits per tenant and every protocol but HTTP: three migrations of the gateway are missing. */
export const earlier = '3dda2d9e71c8f2475b238c2155a7e4912edef466';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const workspaces = [...new Set(modules.map(({ image }) => `services/${image}`)), 'packages/cli'];

/**
 * A commit of this repository's history with what it depends on, as its own lock file says, in the cache folder.
 * @throws Error: the clone is shallow and lacks it, or its dependencies are not to be had
 */
export async function openRelease(commit: string, say: (line: string) => void = () => {}): Promise<Release> {
  const at = join(cacheDir(process.env), 'release', commit);
  if (!existsSync(at)) await build(commit, at, say);
  const program = (path: string) => join(at, path);
  return {
    programs: Object.fromEntries(
      modules.map(({ name, image }) => [name, program(`services/${image}/src/main.ts`)]),
    ) as Record<ServiceName, string>,
    async migrate(databaseUrl, passwords) {
      const secrets = serviceNames.map((service) => [passwordVariable(service), passwords[service]]);
      const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl, ...Object.fromEntries(secrets) };
      await run(process.execPath, [program('packages/cli/src/main.ts'), 'migrate'], at, env);
    },
  };
}

async function build(commit: string, at: string, say: (line: string) => void): Promise<void> {
  const known = await run('git', ['cat-file', '-e', `${commit}^{commit}`], repository).catch((thrown: Error) => thrown);
  if (known instanceof Error)
    throw new Error(`This clone has no commit ${commit}: "git fetch --unshallow" brings it. ${known.message}`);
  say(`Installing what release ${commit.slice(0, 8)} depends on into ${at}, once …`);
  // Beside, then renamed: what is in place is complete.
  const beside = `${at}.${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    const archive = join(beside, 'release.tar');
    await run('git', ['archive', '--format=tar', `--output=${archive}`, commit], repository);
    await run('tar', ['-xf', archive], beside);
    const quiet = ['--ignore-scripts', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['ci', ...quiet, ...workspaces.flatMap((name) => ['--workspace', name])], beside);
    await rename(beside, at);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** @throws Error with the end of what it said, when it fails */
function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`"${file} ${args[0]}" ended with ${code}: ${said.trim().slice(-1_000)}`));
    });
  });
}
