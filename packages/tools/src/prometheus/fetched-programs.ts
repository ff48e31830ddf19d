import { chmod, cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';

export const debianPackages = ['prometheus', 'prometheus-alertmanager'];

/** The Prometheus module's 0.3xx is the server's 3.xx. */
export const prometheus = { module: 'github.com/prometheus/prometheus', version: 'v0.315.0', is: '3.15.0' };
export const alertmanager = { module: 'github.com/prometheus/alertmanager', version: 'v0.34.2', is: '0.34.2' };

/** The program of the unpacked packages that starts Alertmanager. */
export const wrapper = 'alertmanager';
/**
 * Debian's Alertmanager ends without a template below /usr/share, where nothing of it is installed: it gets a mount
 * namespace of its own, in which the unpacked folder is there. Every step is an exec: the pid stays.
 */
const script = `#!/bin/sh
own=$(unshare --mount true 2>/dev/null || echo --map-root-user)
exec unshare --mount $own sh -c 'mount --bind "$0/usr/share" /usr/share && exec "$0/usr/bin/prometheus-alertmanager" "$@"' "$(dirname "$0")" "$@"
`;

/** Unpacks Debian's packages: no root, nothing is installed, no service begins. */
export async function unpackDebian(beside: string): Promise<string> {
  await download(beside);
  const unpacked = join(beside, 'unpacked');
  await mkdir(unpacked);
  const files = (await readdir(beside)).filter((name) => name.endsWith('.deb'));
  for (const file of files) {
    const { code, output } = await runCommand('dpkg-deb', ['-x', join(beside, file), unpacked]);
    if (code !== 0) throw unavailable(`${file} could not be unpacked: ${output.trim().slice(-500)}`);
  }
  await writeFile(join(unpacked, wrapper), script, { mode: 0o755 });
  return unpacked;
}

/** With the system's package lists; where it has none, as in a small image, with lists of our own. */
async function download(into: string): Promise<void> {
  const get = (...options: string[]) =>
    runCommand('apt-get', [...options, 'download', ...debianPackages], { cwd: into });
  if ((await get()).code === 0) return;
  const state = join(into, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  const updated = await runCommand('apt-get', [...own, 'update'], { cwd: into });
  const got = updated.code === 0 ? await get(...own) : updated;
  if (got.code !== 0)
    throw unavailable(`apt-get could not fetch ${debianPackages.join(', ')}: ${got.output.trim().slice(-500)}`);
}

/** Builds both Go modules. */
export async function buildWithGo(beside: string): Promise<string> {
  const bin = join(beside, 'bin');
  await mkdir(bin);
  const server = await source(prometheus, join(beside, 'prometheus'));
  // Without the service discoveries of clouds, which are most of the program.
  const few = ['-tags', 'remove_all_sd,enable_kubernetes_sd'];
  await compile(server, prometheus.is, bin, [...few, './cmd/prometheus', './cmd/promtool']);
  const manager = await source(alertmanager, join(beside, 'alertmanager'));
  // The page that it embeds is built by another tool chain; the API needs none.
  const page = join(manager, 'ui', 'app', 'dist', 'index.html');
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, 'API only\n');
  await compile(manager, alertmanager.is, bin, ['./cmd/alertmanager', './cmd/amtool']);
  return bin;
}

/** A copy of the module: inside it its replace directives count, which `go install` refuses. */
async function source({ module, version }: typeof prometheus, into: string): Promise<string> {
  const answer = await step('go', ['mod', 'download', '-json', `${module}@${version}`], dirname(into));
  const { Dir } = JSON.parse(answer.slice(answer.indexOf('{'))) as { Dir: string };
  await cp(Dir, into, { recursive: true });
  // Go keeps its modules read-only.
  await chmod(into, 0o755);
  for (const each of await readdir(into, { recursive: true, withFileTypes: true })) {
    if (each.isDirectory()) await chmod(join(each.parentPath, each.name), 0o755);
  }
  return into;
}

async function compile(folder: string, version: string, into: string, what: readonly string[]): Promise<void> {
  const linked = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
  const args = ['build', '-p=2', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', linked, '-o', `${into}/`];
  // Whoever waits for it goes on working.
  await step('nice', ['-n', '15', 'go', ...args, ...what], folder);
}

async function step(file: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, GOWORK: 'off', CGO_ENABLED: '0' };
  const { code, output } = await runCommand(file, args, { cwd, env });
  if (code !== 0) throw unavailable(`"${file} ${args[0]}" ended with ${code}: ${output.trim().slice(-500)}`);
  return output;
}

export function unavailable(why: string): ParleyError {
  return new ParleyError('PROMETHEUS_UNAVAILABLE', why);
}
