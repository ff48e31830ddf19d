import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importsOf, type SourceImport } from './source-imports.ts';

/** What a package.json declares. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface Repository {
  /** By the folder; '' is the root. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly imports: readonly SourceImport[];
}

const folders = '{packages,services,bench,scripts,docker}';

/** Reads every package.json and every import of the repository at `root`. */
export function readRepository(root: string): Repository {
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const find = (pattern: string) =>
    globSync(pattern, { cwd: root, exclude: (name) => /(^|[\\/])(node_modules|site|fixtures)$/.test(name) })
      .map((file) => file.replaceAll('\\', '/'))
      .sort();
  const manifests = ['package.json', ...find(`${folders}/**/package.json`)].map((file): [string, Manifest] => {
    const folder = dirname(file);
    return [folder === '.' ? '' : folder, JSON.parse(read(file))];
  });
  const sources = [...find('*.mjs'), ...find(`${folders}/**/*.{ts,tsx,mts,cts,mjs,cjs}`)];
  return { manifests: new Map(manifests), imports: sources.flatMap((file) => importsOf(file, read(file))) };
}

/** The folder of the package.json that a file belongs to. */
export function workspaceOf(file: string, { manifests }: Pick<Repository, 'manifests'>): string {
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) if (manifests.has(folder)) return folder;
  return '';
}

/** The name that layers.json has for the workspace, or the folder of the root, that a file is in. */
export function placeOf(file: string): string {
  const [first = '', second = '', ...more] = file.split('/');
  if (first === 'packages') return second;
  if (first === 'services') return `services/${second}`;
  return more.length > 0 || second !== '' ? first : 'scripts';
}

export const isTest = (file: string): boolean => /\/test\/|\.test\.tsx?$/.test(file);
