import { builtinModules } from 'node:module';

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
