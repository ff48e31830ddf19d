import { type ContainerStart, type ImageConfig, unavailable } from './image-builder.ts';

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
