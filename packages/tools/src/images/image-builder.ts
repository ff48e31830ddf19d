import { ParleyError } from '@parley/contracts';
import type { CommandResult } from '../command.ts';
import type { ImageContainer } from './image-container.ts';

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
