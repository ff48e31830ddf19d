import { execFileSync } from 'node:child_process';

/** Names of the loaded CommonJS packages after an import of an entry, in a process of its own in that folder. */
export function loadedBy(entry: string, cwd: string): string {
  const show = `await import('${entry}');
    const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', show], { cwd, encoding: 'utf8' });
}
