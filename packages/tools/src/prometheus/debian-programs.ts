import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { type Say, sayWhile } from '../progress.ts';
import { onPath } from '../search-path.ts';
import { inFolder, type ProgramPaths } from './program-paths.ts';
import { unavailable } from './unavailable.ts';

const packages = ['prometheus', 'prometheus-alertmanager'];

const wrapper = 'alertmanager';
/**
 * Debian's Alertmanager ends without a template below /usr/share, where nothing of it is installed: it gets a mount
 * namespace of its own, in which the unpacked folder is there. Every step is an exec: the pid stays.
 */
const script = `#!/bin/sh
own=$(unshare --mount true 2>/dev/null || echo --map-root-user)
exec unshare --mount $own sh -c 'mount --bind "$0/usr/share" /usr/share && exec "$0/usr/bin/prometheus-alertmanager" "$@"' "$(dirname "$0")" "$@"
`;

/** Debian's packages, unpacked into `folder`: no root, nothing is installed, no service begins. */
export async function debianPrograms(folder: string, say: Say): Promise<ProgramPaths> {
  if (!existsSync(folder)) {
    const missing = ['apt-get', 'dpkg-deb'].filter((tool) => onPath(tool).length === 0);
    if (missing.length > 0) throw unavailable(`Debian's packages need ${missing.join(', ')}.`);
    say(`Fetching Debian's ${packages.join(' and ')} (29 MB) into ${folder}, once …`);
    await sayWhile(say, 'fetching', () => unpack(folder));
  }
  await writeFile(join(folder, wrapper), script, { mode: 0o755 });
  return inFolder(folder, {
    prometheus: 'usr/bin/prometheus',
    promtool: 'usr/bin/promtool',
    alertmanager: wrapper,
    amtool: 'usr/bin/amtool',
  });
}

async function unpack(folder: string): Promise<void> {
  // Beside, then renamed: what is in place is complete, whoever dies meanwhile.
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(join(beside, 'unpacked'), { recursive: true });
  await download(beside);
  const files = (await readdir(beside)).filter((name) => name.endsWith('.deb'));
  for (const file of files) {
    const { code, output } = await runCommand('dpkg-deb', ['-x', join(beside, file), join(beside, 'unpacked')]);
    if (code !== 0) throw unavailable(`${file} could not be unpacked: ${output.trim().slice(-500)}`);
  }
  await rename(join(beside, 'unpacked'), folder);
  await rm(beside, { recursive: true, force: true });
}

/** With the system's package lists; where it has none, as in a small image, with lists of our own. */
async function download(into: string): Promise<void> {
  const get = (...options: string[]) => runCommand('apt-get', [...options, 'download', ...packages], { cwd: into });
  if ((await get()).code === 0) return;
  const state = join(into, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  const updated = await runCommand('apt-get', [...own, 'update'], { cwd: into });
  const got = updated.code === 0 ? await get(...own) : updated;
  if (got.code !== 0)
    throw unavailable(`apt-get could not fetch ${packages.join(', ')}: ${got.output.trim().slice(-500)}`);
}
