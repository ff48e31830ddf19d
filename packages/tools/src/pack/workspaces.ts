import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Every version that a workspace names of a package from npm. `save-exact` makes each an exact one. */
export function pinnedVersions(): ReadonlyMap<string, string> {
  const pins = new Map<string, string>();
  for (const file of globSync('{packages,services}/*/package.json', { cwd: root })) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
    for (const [name, version] of Object.entries(dependencies)) {
      if (name.startsWith('@parley/')) continue;
      const other = pins.get(name) ?? version;
      if (other !== version) throw new Error(`${name} is ${version} in ${file} and ${other} elsewhere. Make it one.`);
      pins.set(name, version);
    }
  }
  return pins;
}
