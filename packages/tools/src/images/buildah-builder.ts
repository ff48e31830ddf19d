import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import {
  buildArgs,
  type ContainerStart,
  type ImageBuilder,
  type ImageConfig,
  must,
  runContainer,
  unavailable,
} from './image-builder.ts';

/** The limits of a container are those that a container's own root may set; crun wants more than it has here. */
const containersConf = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
`;

interface Inspected {
  readonly OCIv1: {
    readonly config: {
      readonly User?: string;
      readonly Env?: readonly string[];
      readonly Entrypoint?: readonly string[];
      readonly WorkingDir?: string;
      readonly Labels?: Readonly<Record<string, string>>;
    };
  };
}

/** @param at where its images and settings are kept, apart from the user's own */
export async function buildahBuilder(at: string): Promise<ImageBuilder> {
  await mkdir(at, { recursive: true });
  const conf = join(at, 'containers.conf');
  await writeFile(conf, containersConf);
  const env = { ...process.env, CONTAINERS_CONF: conf };
  const place = ['--root', join(at, 'root'), '--runroot', join(at, 'run')];
  const run = (...args: string[]) => runCommand('buildah', [...place, ...args], { env });
  const config = async (image: string): Promise<ImageConfig> => {
    const { OCIv1 } = JSON.parse(await must(run('inspect', '--type', 'image', image))) as Inspected;
    const { User = '', Env = [], Entrypoint = [], WorkingDir = '/', Labels = {} } = OCIv1.config;
    return { user: User, env: Env, entrypoint: Entrypoint, workingDir: WorkingDir, labels: Labels };
  };
  return {
    name: 'buildah',
    build: async (build) => {
      const layers = `--layers=${!build.isOneOff}`;
      const args = ['--runtime', 'runc', '--network', 'host', layers, '--pull-never', ...buildArgs(build)];
      await must(run('build', ...args));
    },
    has: async (image) => (await run('inspect', '--type', 'image', image)).code === 0,
    pull: async (image) => (await run('pull', image)).code === 0,
    sizeBytes: async (image) => sizeOf(await must(run('images', '--json', image))),
    remove: async (image) => void (await must(run('rmi', image))),
    save: async (image, file) => void (await must(run('push', image, `docker-archive:${file}:${image}`))),
    config,
    async start(start) {
      const name = `parley-${randomUUID()}`;
      const bundle = join(at, 'containers', name);
      const state = ['--root', join(at, 'run', 'runc')];
      const remove = async () => {
        await runCommand('runc', [...state, 'delete', '--force', name]);
        await run('rm', name);
        await rm(bundle, { recursive: true, force: true });
      };
      await must(run('from', '--pull-never', '--name', name, start.image));
      const root = (await must(run('mount', name))).trim();
      const spec = runtimeSpec(await config(start.image), root, start);
      await mkdir(bundle, { recursive: true });
      await writeFile(join(bundle, 'config.json'), JSON.stringify(spec), { mode: 0o600 });
      return runContainer('runc', [...state, 'run', '--bundle', bundle, name], remove);
    },
  };
}

/** buildah tells sizes to people: "128 MB". */
function sizeOf(json: string): number {
  const [{ size = '' } = {}] = JSON.parse(json) as { size?: string }[];
  const [, number, unit = ''] = /^([\d.]+) ?([KMG]?)B$/.exec(size) ?? [];
  return Math.round(Number(number) * 1000 ** ['', 'K', 'M', 'G'].indexOf(unit));
}

const mount = (destination: string, type: string, options: readonly string[]) => ({
  destination,
  type,
  source: type,
  options,
});

/**
 * What runc is told of a container: processes, mounts and names of its own, this machine's network. Everything but /tmp
 * is read-only. Source: OCI runtime specification 1.0, "Configuration".
 * @param root where the image's files are
 * @throws ParleyError IMAGES_UNAVAILABLE: the image names its user instead of numbering it, which Kubernetes refuses, too
 */
export function runtimeSpec(
  config: ImageConfig,
  root: string,
  { env = {}, args = [], entrypoint = config.entrypoint }: ContainerStart,
) {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(config.user) ?? [];
  if (uid === undefined)
    throw unavailable(`The image's user is "${config.user}", expected numbers such as 65532:65532.`);
  const own = config.env.map((setting) => [setting.split('=', 1)[0] ?? '', setting.replace(/^[^=]*=/, '')] as const);
  const settings = new Map([...own, ...Object.entries(env)]);
  const none: readonly string[] = [];
  return {
    ociVersion: '1.0.2',
    root: { path: root, readonly: true },
    process: {
      terminal: false,
      user: { uid: Number(uid), gid: Number(gid) },
      cwd: config.workingDir,
      env: [...settings].map(([key, value]) => `${key}=${value}`),
      args: [...entrypoint, ...args],
      capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
      noNewPrivileges: true,
    },
    mounts: [
      mount('/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
      mount('/dev', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=64k']),
      mount('/tmp', 'tmpfs', ['nosuid', 'nodev', 'mode=1777', 'size=64m']),
    ],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}
