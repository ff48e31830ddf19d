import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A copy of the working tree to break: the files that git knows of or would, and the installed packages by links. Those
 * of this workspace lead into the copy, not into the original.
 */
export function copyTree(root: string): { readonly root: string; remove(): void } {
  const copy = mkdtempSync(join(tmpdir(), 'parley-mutants-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  for (const file of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const workspaces = ['packages', 'services'].flatMap((kind) =>
    readdirSync(join(copy, kind)).map((name) => join(kind, name)),
  );
  for (const at of ['', ...workspaces]) linkModules(join(root, at), join(copy, at));
  mkdirSync(join(copy, 'node_modules', '@parley'));
  for (const at of workspaces) {
    const name = at.slice(at.indexOf('/') + 1);
    symlinkSync(join(copy, at), join(copy, 'node_modules', '@parley', name));
  }
  return { root: copy, remove: () => rmSync(copy, { recursive: true, force: true }) };
}

function linkModules(from: string, to: string): void {
  const modules = join(from, 'node_modules');
  if (!existsSync(modules)) return;
  mkdirSync(join(to, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name !== '@parley') symlinkSync(join(modules, name), join(to, 'node_modules', name));
  }
}
