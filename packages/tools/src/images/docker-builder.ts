import { randomUUID } from 'node:crypto';
import { runCommand } from '../command.ts';
import { buildArgs, type ImageBuilder, must, runContainer } from './image-builder.ts';

const confined = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

interface DockerConfig {
  readonly User: string;
  readonly Env: readonly string[] | null;
  readonly Entrypoint: readonly string[] | null;
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export function dockerBuilder(): ImageBuilder {
  const run = (...args: string[]) => runCommand('docker', args);
  const inspect = (format: string, image: string) => must(run('image', 'inspect', '-f', format, image));
  return {
    name: 'docker',
    build: async (build) => void (await must(run('build', ...buildArgs(build)))),
    has: async (image) => (await run('image', 'inspect', image)).code === 0,
    pull: async (image) => (await run('pull', image)).code === 0,
    sizeBytes: async (image) => Number((await inspect('{{.Size}}', image)).trim()),
    remove: async (image) => void (await must(run('image', 'rm', image))),
    save: async (image, file) => void (await must(run('save', '-o', file, image))),
    async config(image) {
      const { User, Env, Entrypoint, WorkingDir, Labels } = JSON.parse(
        await inspect('{{json .Config}}', image),
      ) as DockerConfig;
      return { user: User, env: Env ?? [], entrypoint: Entrypoint ?? [], workingDir: WorkingDir, labels: Labels ?? {} };
    },
    async start({ image, env = {}, args = [], entrypoint }) {
      const name = `parley-${randomUUID()}`;
      const [program, ...first] = entrypoint ?? [];
      const settings = Object.keys(env).flatMap((key) => ['--env', key]);
      const own = ['run', '--name', name, '--network', 'host', ...confined, ...settings];
      const instead = program === undefined ? [] : ['--entrypoint', program];
      // Values are handed on from docker's own environment: a command line is for everybody to read.
      return runContainer('docker', [...own, ...instead, image, ...first, ...args], () => run('rm', '--force', name), {
        ...process.env,
        ...env,
      });
    },
  };
}
