import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBuilder, hasBuilder } from '../images/find-builder.ts';
import { onPath } from '../installed-programs.ts';
import { cniFolders, dnsImage, pauseImage } from './node-settings.ts';
import type { Place } from './place.ts';
import { programFolders, unavailable } from './program-build.ts';
import { nodeBuilds } from './programs.ts';

/** Programs of this machine, by Debian's package of them. */
const programs = {
  iproute2: ['ip'],
  'util-linux': ['nsenter', 'unshare'],
  runc: ['runc'],
  nftables: ['nft'],
};
/** Those that its pods' network names, and what containerd gives every pod. */
const plugins = ['ptp', 'host-local', 'loopback'];

/**
 * A node needs more of this machine than its own programs, which take minutes to build: this is known before.
 * @throws ParleyError KUBERNETES_UNAVAILABLE: with all that is missing, and the command that gets it.
 */
export async function checkNodeNeeds(): Promise<void> {
  const absent = Object.entries(programs).filter(([, names]) => names.some((name) => onPath(name).length === 0));
  const hasPlugin = (name: string) => cniFolders.some((folder) => existsSync(join(folder, name)));
  const packages = [
    ...absent.map(([name]) => name),
    ...(plugins.every(hasPlugin) ? [] : ['containernetworking-plugins']),
    ...((await hasBuilder()) ? [] : ['buildah']),
  ];
  const missing = [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...(packages.length === 0 ? [] : [`${packages.join(', ')} (apt-get install ${packages.join(' ')})`]),
  ];
  if (missing.length > 0) throw unavailable(`A node needs ${missing.join(' and ')}. "--api-only" does without.`);
}

/** The two images that a node needs itself: nothing but a program each. */
export async function nodeImages(at: Place): Promise<void> {
  const images = join(at.folder, 'images');
  await mkdir(images, { recursive: true });
  const [, , dns = '', pause = ''] = programFolders(at.home, nodeBuilds);
  for (const [image, folder, program] of [
    [dnsImage, dns, 'coredns'],
    [pauseImage, pause, 'pause'],
  ] as const) {
    const archive = join(images, `${program}.tar`);
    if (existsSync(archive)) continue;
    const builder = await findBuilder(at.home);
    const context = await mkdtemp(join(tmpdir(), 'parley-image-'));
    await copyFile(join(folder, program), join(context, program));
    const text = `FROM scratch\nCOPY ${program} /${program}\nUSER 65534:65534\nENTRYPOINT ["/${program}"]\n`;
    await writeFile(join(context, 'Dockerfile'), text);
    await builder.build({ image, file: join(context, 'Dockerfile'), context });
    await builder.save(image, archive);
    await rm(context, { recursive: true, force: true });
  }
}
