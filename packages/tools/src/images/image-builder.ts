import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ParleyError } from '@parley/contracts';
import type { CommandResult } from '../command.ts';

export interface ImageBuild {
  readonly image: string;
  readonly file: string;
  readonly context: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Leaves no layers that make the next build faster: for an image that is removed again. */
  readonly isOneOff?: boolean;
}

/** What an image says of itself. Source: OCI image specification 1.1, "Image configuration". */
export interface ImageConfig {
  readonly user: string;
  /** "NAME=value" each. */
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerStart {
  readonly image: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After the image's entrypoint. */
  readonly args?: readonly string[];
  /** Instead of the image's entrypoint. */
  readonly entrypoint?: readonly string[];
}

/** Docker, or buildah and runc where there is none. Images are named in full, registry and all. */
export interface ImageBuilder {
  readonly name: 'docker' | 'buildah';
  build(build: ImageBuild): Promise<void>;
  has(image: string): Promise<boolean>;
  /** False when no registry gives it. */
  pull(image: string): Promise<boolean>;
  sizeBytes(image: string): Promise<number>;
  remove(image: string): Promise<void>;
  /** Writes an archive as `docker save` does. */
  save(image: string, file: string): Promise<void>;
  config(image: string): Promise<ImageConfig>;
  /**
   * Starts a container as the chart's pods are: nothing but /tmp can be written, no capability, no way to get one. It
   * has this machine's network.
   */
  start(start: ContainerStart): Promise<ImageContainer>;
}

export function buildArgs({ image, file, context, args = {}, labels = {} }: ImageBuild): string[] {
  const pairs = (flag: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return ['-f', file, '-t', image, ...pairs('--build-arg', args), ...pairs('--label', labels), context];
}

/** What a command of an image builder says. Rejects with it where the command fails. */
export async function must(done: Promise<CommandResult>): Promise<string> {
  const { code, output } = await done;
  if (code === 0) return output;
  throw unavailable(`The image builder ended with ${code}:\n${output.trim().slice(-3_000)}`);
}

export function unavailable(why: string): ParleyError {
  return new ParleyError('IMAGES_UNAVAILABLE', why);
}

/** As long as the chart gives a gateway. */
const graceMs = 30_000;

/** A container of an image, in the foreground of this process. */
export interface ImageContainer {
  /** Its exit code. */
  readonly exited: Promise<number>;
  /** What it has said so far. */
  output(): string;
  /** SIGTERM, and SIGKILL after half a minute. Resolves when nothing is left of it. */
  stop(): Promise<void>;
}

/**
 * @param file program that runs the container, passes signals on and ends with its exit code
 * @param remove kills what still runs, and leaves nothing of the container
 */
export function runContainer(
  file: string,
  args: readonly string[],
  remove: () => Promise<unknown>,
  env: NodeJS.ProcessEnv = process.env,
): ImageContainer {
  const child: ChildProcess = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = once(child, 'close').then(([code]) => (code as number | null) ?? -1);
  return {
    exited,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => void remove(), graceMs);
      await exited;
      clearTimeout(kill);
      await remove();
    },
  };
}
