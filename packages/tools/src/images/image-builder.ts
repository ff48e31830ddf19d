import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type CommandResult, runCommand } from '../command.ts';
import { onPath } from '../search-path.ts';

export interface ImageBuild {
  readonly image: string;
  readonly file: string;
  readonly context: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Docker, or buildah where there is none. Images are named in full, registry and all. */
export interface ImageBuilder {
  readonly name: 'docker' | 'buildah';
  build(build: ImageBuild): Promise<void>;
  has(image: string): Promise<boolean>;
  /** False when no registry gives it. */
  pull(image: string): Promise<boolean>;
  sizeBytes(image: string): Promise<number>;
  /** Writes an archive as `docker save` does. */
  save(image: string, file: string): Promise<void>;
}

/**
 * @param home where buildah's images and settings are kept, apart from the user's own
 * @throws ParleyError CONFIG_INVALID: neither is installed.
 */
export async function findBuilder(home: string): Promise<ImageBuilder> {
  const hasDocker = onPath('docker').length > 0 && (await runCommand('docker', ['version'])).code === 0;
  if (hasDocker) return docker();
  if (onPath('buildah').length > 0) return buildah(join(home, 'images'));
  throw new ParleyError(
    'CONFIG_INVALID',
    'Images are built with docker or buildah, and neither runs here. Install one: apt-get install buildah runc catatonit.',
  );
}

function docker(): ImageBuilder {
  const run = (...args: string[]) => runCommand('docker', args);
  return {
    name: 'docker',
    build: async (build) => void (await must(run('build', ...buildArgs(build)))),
    has: async (image) => (await run('image', 'inspect', image)).code === 0,
    pull: async (image) => (await run('pull', image)).code === 0,
    sizeBytes: async (image) => Number((await must(run('image', 'inspect', '-f', '{{.Size}}', image))).trim()),
    save: async (image, file) => void (await must(run('save', '-o', file, image))),
  };
}

/** The limits of a container are those that a container's own root may set; crun wants more than it has here. */
const containersConf = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
`;

async function buildah(at: string): Promise<ImageBuilder> {
  await mkdir(at, { recursive: true });
  const conf = join(at, 'containers.conf');
  await writeFile(conf, containersConf);
  const env = { ...process.env, CONTAINERS_CONF: conf };
  const place = ['--root', join(at, 'root'), '--runroot', join(at, 'run')];
  const run = (...args: string[]) => runCommand('buildah', [...place, ...args], { env });
  return {
    name: 'buildah',
    build: async (build) => {
      const args = ['--runtime', 'runc', '--network', 'host', '--layers', '--pull-never', ...buildArgs(build)];
      await must(run('build', ...args));
    },
    has: async (image) => (await run('inspect', '--type', 'image', image)).code === 0,
    pull: async (image) => (await run('pull', image)).code === 0,
    sizeBytes: async (image) => sizeOf(await must(run('images', '--json', image))),
    save: async (image, file) => void (await must(run('push', image, `docker-archive:${file}:${image}`))),
  };
}

function buildArgs({ image, file, context, args = {}, labels = {} }: ImageBuild): string[] {
  const pairs = (flag: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return ['-f', file, '-t', image, ...pairs('--build-arg', args), ...pairs('--label', labels), context];
}

/** buildah tells sizes to people: "128 MB". */
function sizeOf(json: string): number {
  const [{ size = '' } = {}] = JSON.parse(json) as { size?: string }[];
  const [, number, unit = ''] = /^([\d.]+) ?([KMG]?)B$/.exec(size) ?? [];
  return Math.round(Number(number) * 1000 ** ['', 'K', 'M', 'G'].indexOf(unit));
}

async function must(done: Promise<CommandResult>): Promise<string> {
  const { code, output } = await done;
  if (code === 0) return output;
  throw new ParleyError('CONFIG_INVALID', `The image builder ended with ${code}:\n${output.trim().slice(-3_000)}`);
}
