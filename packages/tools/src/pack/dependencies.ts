import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
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

const builtins = new Set(builtinModules);
/** `from 'x'`, `import('x')`, `import 'x'`, `require('x')`, `.resolve('x')`: where a module names another. */
const named =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*|createRequire\(import\.meta\.url\)\(\s*|\.resolve\(\s*)["']([^"'./][^"':]*)["']/g;

/**
 * The packages from npm that these texts (JavaScript or declarations) import, with their versions.
 * @throws Error a package that no workspace depends on
 */
export function dependenciesOf(texts: readonly string[], pins: ReadonlyMap<string, string>): Record<string, string> {
  const names = new Set<string>();
  for (const text of texts) {
    for (const [, path = ''] of text.matchAll(named)) {
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
      if (!builtins.has(name)) names.add(name);
    }
  }
  const versionOf = (name: string): string => {
    const version = pins.get(name);
    if (version === undefined) throw new Error(`${name} is imported, but no workspace depends on it.`);
    return version;
  };
  return Object.fromEntries([...names].sort().map((name) => [name, versionOf(name)]));
}
