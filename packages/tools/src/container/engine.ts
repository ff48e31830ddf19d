import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import { type CommandOptions, type CommandResult, runCommand } from '../command.ts';
import type { Say } from '../progress.ts';

export const engineNames = ['docker', 'podman'] as const;
export type EngineName = (typeof engineNames)[number];
export type RunCommand = (file: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

/** A program that runs containers. */
export interface Engine {
  readonly name: EngineName;
  readonly run: RunCommand;
}

/** The first that answers; a client whose server is away does not. */
export async function findEngine(run: RunCommand = runCommand): Promise<Engine | undefined> {
  for (const name of engineNames) if ((await run(name, ['version'])).code === 0) return { name, run };
  return undefined;
}

export const engineOf = (name: EngineName): Engine => ({ name, run: runCommand });

const compose = fileURLToPath(new URL('../../../../docker/compose.yaml', import.meta.url));

/** The image of a service of docker/compose.yaml, as it is written there: what is pinned there is pinned here. */
export async function imageOf(service: 'kafka' | 'postgres'): Promise<string> {
  const found = new RegExp(`^  ${service}:\\n    image: (\\S+)$`, 'm').exec(await readFile(compose, 'utf8'))?.[1];
  if (found === undefined) throw new ParleyError('CONFIG_INVALID', `${compose} has no image of "${service}".`);
  return found;
}

/** What follows the last colon of the name, without a digest: "apache/kafka:4.3.1@sha256:…" is of version 4.3.1. */
export const versionOf = (image: string): string => /:([^:/@]+)(@|$)/.exec(image)?.[1] ?? 'latest';

/** A server that runs as a container. */
export interface ContainerServer {
  readonly source: EngineName;
  readonly image: string;
  readonly version: string;
}

export const isContainer = <T extends object>(server: T | (T & ContainerServer)): server is T & ContainerServer =>
  'image' in server;

/**
 * What can run here as a process; otherwise the image of docker/compose.yaml where an engine answers.
 * @throws what `native` threw, with the other way added, where there is no engine.
 */
export async function nativeOrContainer<T>(
  native: () => Promise<T>,
  service: 'kafka' | 'postgres',
  say: Say,
  find: () => Promise<Engine | undefined> = findEngine,
): Promise<T | ContainerServer> {
  try {
    return await native();
  } catch (thrown) {
    if (!isParleyError(thrown)) throw thrown;
    const engine = await find();
    if (engine === undefined) {
      throw new ParleyError(thrown.code, `${thrown.message} Or start docker or podman.`, { cause: thrown });
    }
    const image = await imageOf(service);
    say(`${messageOf(thrown)} Running ${image} with ${engine.name} instead.`);
    return { source: engine.name, image, version: versionOf(image) };
  }
}
