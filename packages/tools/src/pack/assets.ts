import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Compiled } from './compile.ts';
import { root } from './dependencies.ts';

/** How a file names another that lies at a place relative to its own. */
const besideItself = /new URL\(\s*["']([^"']+)["'],\s*import\.meta\.url\s*\)/g;

/**
 * Copies what compiled files find relative to themselves: migrations, pages, objectives.
 * @throws Error what a file names is neither in the package nor in the repository
 */
export function copyAssets(compiled: readonly Compiled[], to: string): void {
  const base = pathToFileURL(root);
  for (const { file, code } of compiled) {
    for (const [, name = ''] of code.matchAll(besideItself)) {
      const place = relative(root, fileURLToPath(new URL(name, new URL(file, base))));
      if (existsSync(join(to, place))) continue;
      if (!existsSync(join(root, place))) throw new Error(`${file} needs ${place}, which is not in the repository.`);
      cpSync(join(root, place), join(to, place), { recursive: true });
    }
  }
}

/**
 * Puts a package from npm into the one that is published, as a bundled dependency: of its files those that are named,
 * and none of the packages that it asks for in turn.
 */
export function bundlePackage(name: string, files: readonly string[], stage: string): void {
  const from = join(root, 'node_modules', name);
  const to = join(stage, 'node_modules', name);
  const { dependencies: _dropped, ...manifest } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of files) cpSync(join(from, file), join(to, file));
}
