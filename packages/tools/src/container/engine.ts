import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ParleyError } from '@parley/contracts';
import { type CommandOptions, type CommandResult, runCommand } from '../command.ts';

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
