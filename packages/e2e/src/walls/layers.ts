import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path/posix';
import { isTest, type Manifest, placeOf, type Repository, workspaceOf } from './repository.ts';
import type { SourceImport } from './source-imports.ts';

/** The shape of scripts/layers.json: what may import what. */
export interface Layers {
  /** Lowest first. A place imports only places of lower layers; places of the last layer, tests and tools, also each other. */
  readonly layers: readonly (readonly string[])[];
  /** Places that are in no package and in no image. */
  readonly unshipped: readonly string[];
  /** Places that are shipped as a bundle: what they import is compiled into it, and not installed. */
  readonly bundled: readonly string[];
  /** Which other rooms of its service a room imports, unless `roomsOf` lists the rooms of the service. */
  readonly rooms: Readonly<Record<string, readonly string[]>>;
  /** Rooms of one service in an order of their own, lowest first: each imports those before it. */
  readonly roomsOf: Readonly<Record<string, readonly string[]>>;
  /** Rooms of a service that import more than they should, until they are rebuilt. */
  readonly openRooms: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const rules = 'scripts/layers.json';

/** Imports that the layers or a package.json refuse, each as a sentence. */
export function layerFaults(repository: Repository, layers: Layers): string[] {
  const faults = repository.imports.flatMap((one) => importFaults(one, repository, layers));
  for (const [folder, manifest] of repository.manifests) {
    if (/^(packages|services)\//.test(folder)) faults.push(...manifestFaults(folder, manifest, repository, layers));
  }
  return [...new Set(faults)];
}

function importFaults({ file, name, kind }: SourceImport, repository: Repository, layers: Layers): string[] {
  const isShipped = !isTest(file) && !layers.unshipped.includes(placeOf(file));
  if (name === undefined) {
    return isShipped ? [`${file} imports a name that it computes, so nobody can tell what it needs.`] : [];
  }
  if (kind === 'file' || name.startsWith('.')) return pathFaults(file, name, kind, isShipped, repository, layers);
  if (isBuiltin(name)) return [];
  const wanted = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  const workspace = workspaceOf(file, repository);
  const manifest = repository.manifests.get(workspace);
  if (manifest === undefined || wanted === manifest.name) return [];
  const target = folderOf(wanted, repository);
  const order = target === undefined ? undefined : orderFault(file, placeOf(`${target}/`), isShipped, layers);
  if (order !== undefined) return [order];
  const isInstalled = isShipped && !layers.bundled.includes(placeOf(file));
  // npm links every workspace at the root.
  if (workspace === '' && target !== undefined) return [];
  if (declared(manifest, !isInstalled, repository).has(wanted)) return [];
  const list = isInstalled ? 'dependencies' : 'devDependencies';
  return [`${file} imports ${wanted}, which is not in the ${list} of ${join(workspace, 'package.json')}.`];
}

/** A path stays in its workspace. Only a folder of the root, such as bench/, is reached by its path: it has no name. */
function pathFaults(
  file: string,
  path: string,
  kind: SourceImport['kind'],
  isShipped: boolean,
  repository: Repository,
  layers: Layers,
): string[] {
  const at = join(dirname(file), path);
  const [from, to] = [workspaceOf(file, repository), workspaceOf(at, repository)];
  if (from === to || (kind === 'file' && (!isShipped || to === ''))) return [];
  const order = orderFault(file, placeOf(at), isShipped, layers);
  if (order !== undefined) return [order];
  if (kind === 'module' && (from === '' || to === '')) return [];
  return [`${file} reaches ${at} by its path: another workspace is imported by its name.`];
}

function manifestFaults(folder: string, manifest: Manifest, repository: Repository, layers: Layers): string[] {
  const file = `${folder}/package.json`;
  return Object.keys({ ...manifest.devDependencies, ...manifest.dependencies }).flatMap((name) => {
    const target = folderOf(name, repository);
    if (target === undefined) return [];
    const isShipped = name in (manifest.dependencies ?? {}) && !layers.unshipped.includes(placeOf(`${folder}/`));
    return orderFault(file, placeOf(`${target}/`), isShipped, layers) ?? [];
  });
}

function orderFault(file: string, target: string, isShipped: boolean, { layers, unshipped }: Layers) {
  const place = placeOf(file);
  const [from, to] = [place, target].map((name) =>
    layers.findIndex((layer) => layer.includes(name) || layer.includes(`${dirname(name)}/*`)),
  ) as [number, number];
  if (from < 0 || to < 0) return `${from < 0 ? place : target} has no layer: give it one in ${rules}.`;
  if (isShipped && unshipped.includes(target)) return `${file} is shipped and needs ${target}, which is not.`;
  if (to < from || place === target || (from === to && from === layers.length - 1)) return undefined;
  if (place.startsWith('services/') && target.startsWith('services/')) {
    return `${file} needs ${target}: a service is reached through the bus, never by an import.`;
  }
  return `${file} needs ${target}, which is not below ${place} in ${rules}.`;
}

/** Packages that a file may import: tests and tools also have devDependencies, their own and the root's. */
function declared(manifest: Manifest, isForWork: boolean, { manifests }: Repository): Set<string> {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
  const forWork = isForWork ? { ...devDependencies, ...manifests.get('')?.devDependencies } : {};
  return new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies, ...forWork }));
}

function folderOf(name: string, { manifests }: Repository): string | undefined {
  for (const [folder, manifest] of manifests) if (manifest.name === name && folder !== '') return folder;
  return undefined;
}
