import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { logTail } from '../component/daemon.ts';
import { makeOnce } from '../component/shared-folder.ts';
import { onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';
import { type GoBuild, programOf } from './programs.ts';

export const unavailable = (why: string) => new ParleyError('KUBERNETES_UNAVAILABLE', why);

/** Where the programs of these builds are, or would be, as PATH wants it. */
export function programFolders(home: string, builds: readonly GoBuild[]): string[] {
  return builds.map((build) => folderOf(home, build));
}

export function areBuilt(home: string, builds: readonly GoBuild[]): boolean {
  return programFolders(home, builds).every(existsSync);
}

/**
 * Builds programs into the cache folder, once, from the Go module proxy.
 * @throws ParleyError KUBERNETES_UNAVAILABLE: no Go, no network, or the compiler refuses.
 */
export async function buildPrograms(home: string, builds: readonly GoBuild[], say: Say): Promise<void> {
  if (areBuilt(home, builds)) return;
  if (onPath('go').length === 0) {
    throw unavailable('Kubernetes is built with Go, and "go" is not on PATH. Install Go 1.26 or later.');
  }
  const lock = join(home, 'kube-programs', 'build.lock');
  for (const each of builds) {
    const folder = folderOf(home, each);
    const announcement = `Building ${each.name} into ${folder}, once; that takes minutes …`;
    const about = { folder, lock, announcement, doing: `building ${each.name}`, say };
    await makeOnce({ ...about, code: 'KUBERNETES_UNAVAILABLE' }, (beside) => compile(each, beside));
  }
}

function folderOf(home: string, { name }: GoBuild): string {
  return join(home, 'kube-programs', name);
}

async function compile(build: GoBuild, beside: string): Promise<string> {
  const [source, out] = [join(beside, 'source'), join(beside, 'out')];
  await mkdir(source);
  await mkdir(out);
  await writeFile(join(source, 'go.mod'), await moduleFile(build, source));
  if (build.main !== undefined) await writeFile(join(source, 'main.go'), build.main);
  const linked = `-ldflags=-s -w ${(build.sets ?? []).map((set) => `-X ${set}`).join(' ')}`;
  const args = ['build', '-p=2', '-trimpath', '-buildvcs=false', linked, ...(build.flags ?? [])];
  // Whoever waits for it goes on working.
  await go(['nice', '-n', '15', 'go', ...args, `-o=${out}/`, ...build.packages], source, build);
  const [only, ...others] = await readdir(out);
  if (only !== undefined && others.length === 0) await rename(join(out, only), join(out, programOf(build)));
  return out;
}

/**
 * Kubernetes' own go.mod points its parts to folders beside it, which a module that requires it does not have; they are
 * published too, as 0.MINOR.PATCH.
 */
async function moduleFile(build: GoBuild, source: string): Promise<string> {
  const head = `module parley.local/${programOf(build)}\n\ngo ${build.go}\n`;
  if (build.requires === undefined) return head;
  const [path = '', version = ''] = build.requires.split(' ');
  const required = `${head}\nrequire ${path} ${version}\n`;
  if (path !== 'k8s.io/kubernetes') return required;
  const { GoMod } = JSON.parse(await go(['go', 'mod', 'download', '-json', `${path}@${version}`], source, build));
  const parts = (await readFile(GoMod, 'utf8')).matchAll(/^\s*(k8s\.io\/[a-z-]+) => \.\/staging\//gm);
  return (
    required + [...parts].map(([, part]) => `replace ${part} => ${part} ${version.replace('v1.', 'v0.')}\n`).join('')
  );
}

async function go([file = '', ...args]: readonly string[], cwd: string, { name }: GoBuild): Promise<string> {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GOWORK: 'off' };
  const { code, output } = await runCommand(file, args, { cwd, env });
  if (code === 0) return output;
  const log = join(cwd, '..', 'log');
  await writeFile(log, output);
  throw unavailable(`${name} could not be built; the log ${log} ends with:\n${await logTail(log)}`);
}
