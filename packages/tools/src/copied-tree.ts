import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface CopiedTree {
  readonly root: string;
  remove(): void;
}

/** File of npm that is newer than the lock file where everything is installed. */
const marker = '.package-lock.json';

/**
 * A copy of the working tree to change: the files that git knows of or would, and the installed packages by links. Those
 * of this repository lead into the copy, not into the original.
 * @param added a folder whose files are copied into it, too
 */
export function copyTree(root: string, added?: string): CopiedTree {
  const copy = mkdtempSync(join(tmpdir(), 'parley-copy-'));
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
  if (added !== undefined) cpSync(added, copy, { recursive: true });
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
    const [original, copy] = [join(modules, name), join(to, 'node_modules', name)];
    if (name === marker) cpSync(original, copy);
    else if (name !== '@parley') symlinkSync(original, copy);
  }
}
