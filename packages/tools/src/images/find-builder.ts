import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { aptInstall, canAptInstall, onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';
import { buildahBuilder } from './buildah-builder.ts';
import { dockerBuilder } from './docker-builder.ts';
import { type ImageBuilder, unavailable } from './image-builder.ts';
import { areStandIns, ensureBases } from './stand-in.ts';

/** Of Debian: the builder, what runs its containers, process 1 of those, and what stand-ins of bases are made with. */
const packages = ['buildah', 'runc', 'catatonit', 'debootstrap'];
const needed = ['buildah', 'runc'];

export interface BuilderOptions {
  /** Whether the system's package manager may be asked, where this process may ask it. */
  readonly isInstalling?: boolean;
  readonly say?: Say;
}

/**
 * Docker where its server answers, else buildah.
 * @param home where buildah's images and settings are kept, apart from the user's own
 * @throws ParleyError IMAGES_UNAVAILABLE: neither is to be had, and what to do.
 */
export async function findBuilder(home: string, { isInstalling = false, say = () => {} }: BuilderOptions = {}) {
  if (await hasDocker()) return dockerBuilder();
  if (missingTools().length > 0 && isInstalling && canAptInstall()) {
    say(`Installing ${packages.join(', ')} (apt-get) …`);
    const { code, output } = await aptInstall(packages);
    if (code !== 0) throw unavailable(`apt-get cannot install ${packages.join(', ')}: ${output.trim().slice(-500)}`);
  }
  if (missingTools().length === 0) return buildahBuilder(join(home, 'images'));
  throw unavailable(
    'Images are built with docker or buildah, and neither runs here. Install one: apt-get install buildah runc catatonit.',
  );
}

/** Whether `findBuilder` finds one without installing it. */
export async function hasBuilder(): Promise<boolean> {
  return (await hasDocker()) || missingTools().length === 0;
}

/** Whether images can be built and started here, or what that needs can be installed. */
export async function canBuildImages(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  if (await hasDocker()) return true;
  return (missingTools().length === 0 || canAptInstall()) && (await mayMount());
}

/** Why containers of what this builds cannot be started here; undefined where they can. */
async function whyNotStarted({ name }: ImageBuilder): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'Containers have the network of their machine on Linux alone.';
  if (name === 'docker' || (await mayMount())) return undefined;
  return 'Without docker a container is started by root, which may mount. Run this as root, or start docker.';
}

export interface ImagesInfo {
  /** Such as "buildah 1.28.2". */
  readonly builder: string;
  readonly hasStandIns: boolean;
}

/**
 * Gets all that images are built and started with, bases included.
 * @throws ParleyError IMAGES_UNAVAILABLE
 */
export async function prepareImages(home: string, options: BuilderOptions = {}): Promise<ImagesInfo> {
  const builder = await findBuilder(home, options);
  const why = await whyNotStarted(builder);
  if (why !== undefined) throw unavailable(why);
  await ensureBases(builder, options.say ?? (() => {}));
  const version = /\d+(\.\d+)+/.exec((await runCommand(builder.name, ['--version'])).output)?.[0] ?? '';
  return { builder: `${builder.name} ${version}`.trim(), hasStandIns: await areStandIns(builder) };
}

const missingTools = (): string[] => needed.filter((tool) => onPath(tool).length === 0);

/** A client whose server is away does not answer. */
async function hasDocker(): Promise<boolean> {
  return onPath('docker').length > 0 && (await runCommand('docker', ['version'])).code === 0;
}

/** Root of a container often may not. */
async function mayMount(): Promise<boolean> {
  return process.getuid?.() === 0 && (await runCommand('unshare', ['--mount', '--pid', '--fork', 'true'])).code === 0;
}
