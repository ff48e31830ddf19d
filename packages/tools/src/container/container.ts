import type { CommandResult } from '../command.ts';
import type { Engine } from './engine.ts';

/** One container, and the volume that outlives it. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  /** Ports of loopback and of the container. */
  readonly port: { readonly outside: number; readonly inside: number };
  /** Where its volume, which has its name, is mounted. */
  readonly volumeAt: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** The command line. Values of the environment are not in it, because everybody can read command lines. */
export function runArgs({ name, image, port, volumeAt, env, args = [] }: ContainerSpec): string[] {
  return [
    ...['run', '--detach', '--name', name],
    ...['--publish', `127.0.0.1:${port.outside}:${port.inside}`],
    ...['--volume', `${name}:${volumeAt}`],
    ...['--security-opt', 'no-new-privileges'],
    ...Object.keys(env).flatMap((key) => ['--env', key]),
    image,
    ...args,
  ];
}

/** A container of one engine by its name. `fail` makes the error of a command that did not work. */
export function createContainer({ name: engine, run }: Engine, name: string, fail: (why: string) => Error) {
  const must = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult> => {
    const done = await run(engine, args, env === undefined ? {} : { env });
    if (done.code === 0) return done;
    throw fail(`"${engine} ${args[0]} … ${name}" ended with ${done.code}: ${done.output.trim().slice(-1_000)}`);
  };
  const inspect = async (): Promise<{ readonly pid: number | undefined } | undefined> => {
    const { code, output } = await run(engine, ['container', 'inspect', '--format', '{{.State.Pid}}', name]);
    if (code !== 0) return undefined;
    return { pid: Number(output.trim()) || undefined };
  };
  return {
    /** Makes and starts it, or starts the one that is there; a running one is left as it is. */
    async start(spec: ContainerSpec): Promise<void> {
      const known = await inspect();
      if (known === undefined) await must(runArgs(spec), { ...process.env, ...spec.env });
      else if (known.pid === undefined) await must(['start', name]);
    },
    /** Of its first process; undefined when it does not run. On a Mac or Windows it is one of the engine's own machine. */
    pid: async (): Promise<number | undefined> => (await inspect())?.pid,
    async stop(how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
      if ((await inspect())?.pid === undefined) return;
      await must(how === 'SIGKILL' ? ['kill', name] : ['stop', '-t', '30', name]);
    },
    pause: () => must(['pause', name]),
    unpause: () => must(['unpause', name]),
    /** True when the command within it succeeds. */
    does: async (...command: string[]): Promise<boolean> => (await run(engine, ['exec', name, ...command])).code === 0,
    /** Takes it and its volume away. */
    async remove(): Promise<void> {
      await run(engine, ['rm', '--force', name]);
      await run(engine, ['volume', 'rm', '--force', name]);
    },
    /** The last lines that it wrote. */
    log: async (): Promise<string> => (await run(engine, ['logs', '--tail', '5', name])).output.trimEnd(),
    logCommand: `${engine} logs ${name}`,
  };
}
export type Container = ReturnType<typeof createContainer>;
