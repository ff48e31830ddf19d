import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edit } from './edits.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const fixture = fileURLToPath(new URL('../../fixtures/echo/', import.meta.url));

/** A copy of this repository with the planted service's folders and nothing edited, ready to run. */
export function copyRepository(to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  for (const file of new Set(listed.split('\0').filter((name) => name !== ''))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(repository, file), join(to, file));
  }
  cpSync(fixture, to, { recursive: true });
  linkDependencies(to);
}

/** What npm writes last. */
const marker = '.package-lock.json';

/** What npm would install: every package as it is here, and the workspaces of the copy. */
function linkDependencies(to: string): void {
  const [from, modules] = [join(repository, 'node_modules'), join(to, 'node_modules')];
  mkdirSync(join(modules, '@parley'), { recursive: true });
  for (const name of readdirSync(from)) {
    if (!['@parley', '.cache', marker].includes(name)) symlinkSync(join(from, name), join(modules, name));
  }
  // Newer than the copy's lock file, so that nothing is installed.
  cpSync(join(from, marker), join(modules, marker));
  for (const group of ['packages', 'services']) {
    for (const folder of readdirSync(join(to, group))) {
      const at = join(to, group, folder);
      const { name } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      symlinkSync(relative(join(modules, '@parley'), at), join(modules, name));
    }
  }
}

/** Makes the edits, and nothing else. @throws Error where a text does not stand there once */
export function applyEdits(at: string, edits: readonly Edit[]): void {
  for (const { file, behind, add } of edits) {
    const text = readFileSync(join(at, file), 'utf8');
    const [before, after, ...more] = text.split(behind);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} has "${behind.trim()}" ${text.split(behind).length - 1} times, not once.`);
    }
    writeFileSync(join(at, file), before + behind + add + after);
  }
}
