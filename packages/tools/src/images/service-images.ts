import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modules } from '@parley/cli/services.ts';
import { type Say, sayWhile } from '../progress.ts';
import { findBuilder } from './find-builder.ts';
import { ensureBases } from './stand-in.ts';

const root = dirname(fileURLToPath(new URL('../../../../package.json', import.meta.url)));

/** What there is an image of: each is a workspace with a src/main.ts. */
export const imageServices: readonly string[] = [...new Set(modules.map(({ image }) => image)), 'cli'];

export interface ImageOptions {
  readonly home: string;
  readonly services?: readonly string[];
  /** Without it the version of the services' packages. */
  readonly version?: string;
  /** Writes the archives there, too, as NAME-VERSION.tar. */
  readonly saveTo?: string;
  /** Leaves no layers that make the next build faster: for images that are removed again. */
  readonly isOneOff?: boolean;
  readonly say: Say;
}

export interface BuiltImage {
  readonly image: string;
  readonly bytes: number;
  readonly file?: string;
}

/**
 * Builds the services' images from `docker/service.Dockerfile`.
 * @throws ParleyError IMAGES_UNAVAILABLE
 */
export async function buildServiceImages(options: ImageOptions): Promise<BuiltImage[]> {
  const { home, services = imageServices, isOneOff = false, say } = options;
  const version = options.version ?? (await workspaceVersion());
  const builder = await findBuilder(home);
  await ensureBases(builder, say);
  if (options.saveTo) await mkdir(options.saveTo, { recursive: true });
  const built: BuiltImage[] = [];
  for (const service of services) {
    const image = `docker.io/parley/${service}:${version}`;
    const file = join(root, 'docker', 'service.Dockerfile');
    await sayWhile(say, `building ${image}`, () =>
      builder.build({ image, file, context: root, args: { SERVICE: service, VERSION: version }, isOneOff }),
    );
    const archive = options.saveTo && join(options.saveTo, `${service}-${version}.tar`);
    if (archive) {
      await rm(archive, { force: true });
      await builder.save(image, archive);
    }
    built.push({ image, bytes: await builder.sizeBytes(image), ...(archive && { file: archive }) });
  }
  return built;
}

async function workspaceVersion(): Promise<string> {
  const text = await readFile(join(root, 'services', 'gateway', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
