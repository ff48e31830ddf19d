import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasBuilder } from '../images/find-builder.ts';
import { onPath } from '../search-path.ts';
import { cniFolders } from './node-settings.ts';
import { unavailable } from './unavailable.ts';

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
