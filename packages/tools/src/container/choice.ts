import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import type { Say } from '../progress.ts';
import { type Engine, type EngineName, findEngine, imageOf, versionOf } from './engine.ts';

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
