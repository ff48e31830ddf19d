import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.ts';

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
