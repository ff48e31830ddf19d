import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type Layers, layerFaults } from '../src/walls/layers.ts';
import { type Manifest, type Repository, readRepository } from '../src/walls/repository.ts';
import { roomFaults } from '../src/walls/rooms.ts';
import { importsOf } from '../src/walls/source-imports.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const layers = JSON.parse(readFileSync(join(root, 'scripts/layers.json'), 'utf8')) as Layers;
const repository = readRepository(root);

function faults(of: Repository = repository, by: Layers = layers): string[] {
  return [...layerFaults(of, by), ...roomFaults(of, by)];
}

/** The repository with one more file. */
function withFile(file: string, text: string): Repository {
  return { ...repository, imports: [...repository.imports, ...importsOf(file, text)] };
}

/** The repository with another package.json in a folder. */
function withManifest(folder: string, change: (manifest: Manifest) => Manifest): Repository {
  const manifests = new Map(repository.manifests);
  manifests.set(folder, change(manifests.get(folder) ?? { name: '' }));
  return { ...repository, manifests };
}

test('every import goes downward, is declared, and stays in the rooms of its service', () => {
  expect(faults()).toEqual([]);
});

test('every workspace was read, and what it imports', () => {
  const folders = [...repository.manifests.keys()].filter((folder) => /^(packages|services)\//.test(folder));
  const silent = folders.filter((folder) => !repository.imports.some(({ file }) => file.startsWith(`${folder}/src/`)));
  expect(folders.length).toBeGreaterThan(10);
  expect(silent).toEqual([]);
});

test('every workspace has the name of its folder, by which images are built and faults are planted', () => {
  const others = [...repository.manifests].filter(([folder]) => /^(packages|services)\/[^/]+$/.test(folder));
  for (const [folder, { name }] of others) expect(name).toBe(`@parley/${folder.split('/')[1]}`);
  expect(others.length).toBeGreaterThan(10);
});

const planted = (folder: string): string => `${folder}/src/planted.ts`;

test.each([
  ['of a service by a package', planted('packages/runtime'), '@parley/gateway', /not below runtime/],
  ['of a neighbour in the same layer', planted('packages/bus'), '@parley/spine', /not below bus/],
  ['of a service by another', planted('services/debater'), '@parley/moderator', /through the bus/],
  [
    'of a service by another, by its path',
    planted('services/debater'),
    '../../moderator/src/app.ts',
    /through the bus/,
  ],
  ['of the end-to-end tests by what is shipped', planted('packages/cli'), '@parley/e2e', /shipped and needs e2e/],
  ['of the test kit by what is shipped', planted('packages/spine'), '@parley/testkit', /shipped and needs testkit/],
  ['of a workspace by its path', planted('packages/cli'), '../../sdk/src/parley.ts', /imported by its name/],
  ['of what no package.json declares', planted('packages/bus'), 'express', /not in the dependencies of packages\/bus/],
  ['of what only tests may use', planted('services/gateway'), 'openai', /not in the dependencies of services\/gateway/],
  ['of what a test lacks', 'packages/bus/test/planted.test.ts', 'openai', /not in the devDependencies/],
  ['of what bench lacks', 'bench/planted.ts', 'openai', /not in the devDependencies of package.json/],
  ['of what comes in by the store', 'services/moderator/src/store/planted.ts', '../in/topics.ts', /"store" imports/],
  ['of the store by what goes out', 'services/moderator/src/out/planted.ts', '../store/recent-turns.ts', /"out" imp/],
  [
    'of a feature by the streams of all kinds',
    'services/gateway/src/access/planted.ts',
    '../streams/hub.ts',
    /"access" imports/,
  ],
  [
    'of a protocol by a feature',
    'services/gateway/src/features/planted.ts',
    '../protocols/json-rpc.ts',
    /"features" imports/,
  ],
  ['of the composition by a room', 'services/moderator/src/in/planted.ts', '../app.ts', /"in" imports/],
  ['of the configuration by a domain', 'services/moderator/src/domain/planted.ts', '../config.ts', /"domain" imports/],
  ['of a package by a domain', 'services/moderator/src/domain/planted.ts', '@parley/runtime', /a domain imports/],
])('an import %s is found, in whatever form it stands', (_what, file, name, fault) => {
  for (const text of [
    `import { x } from '${name}';\nexport const y = x;\n`,
    `import type { X } from '${name}';\nexport type Y = X;\n`,
    `export * from '${name}';\n`,
    `export const y = () => import('${name}');\n`,
    `export type Y = import('${name}').X;\n`,
    `export const y = require('${name}');\n`,
  ]) {
    expect(faults(withFile(file, text))).toEqual([expect.stringMatching(fault)]);
  }
});

test('a file of another workspace that is found by its path is found here too', () => {
  const text = "export const corpus = new URL('../../e2e/corpus/injections.jsonl', import.meta.url);\n";
  expect(faults(withFile(planted('packages/cli'), text))).toEqual([expect.stringContaining('shipped and needs e2e')]);
  const sibling = "export const data = new URL('../../sdk/src/x.json', import.meta.url);\n";
  expect(faults(withFile(planted('packages/cli'), sibling))).toEqual([expect.stringContaining('by its name')]);
});

test('a workspace that has no layer is found', () => {
  const { manifests } = withManifest('packages/planted', () => ({ name: '@parley/planted' }));
  const { imports } = withFile('packages/planted/src/x.ts', "import '@parley/contracts';\n");
  expect(faults({ manifests, imports })).toEqual([expect.stringContaining('planted has no layer')]);
});

test('what is shipped imports no name that it computes', () => {
  const text = 'export const load = (name: string) => import(name);\n';
  expect(faults(withFile(planted('packages/cli'), text))).toEqual([expect.stringContaining('computes')]);
  expect(faults(withFile(planted('packages/tools'), text))).toEqual([]);
});

test('a package.json that declares what is above it is found', () => {
  const add = (folder: string, list: 'dependencies' | 'devDependencies', name: string) =>
    faults(withManifest(folder, (manifest) => ({ ...manifest, [list]: { ...manifest[list], [name]: '0.1.0' } })));
  expect(add('packages/bus', 'dependencies', '@parley/runtime')).toEqual([expect.stringContaining('not below bus')]);
  expect(add('packages/sdk', 'devDependencies', '@parley/spine')).toEqual([expect.stringContaining('not below sdk')]);
  expect(add('services/debater', 'devDependencies', '@parley/gateway')).toEqual([expect.stringContaining('the bus')]);
  expect(add('packages/runtime', 'dependencies', '@parley/testkit')).toEqual([expect.stringContaining('shipped')]);
});

test('an exception for a service that no longer needs it is found', () => {
  const openRooms = { ...layers.openRooms, 'services/moderator': { in: ['store'] } };
  expect(faults(repository, { ...layers, openRooms })).toEqual([expect.stringContaining('take it out of openRooms')]);
});
