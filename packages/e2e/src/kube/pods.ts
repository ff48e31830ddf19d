import { type ServiceName, serviceNames } from '@parley/contracts';
import type { KubeWorld } from './world.ts';

export interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
  readonly status: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly restartCount: number; readonly ready: boolean }[];
  };
}

/** The pods of a service that are not on their way out. */
export async function podsOf(world: KubeWorld, service: ServiceName): Promise<Pod[]> {
  const label = `--selector=app.kubernetes.io/component=${service}`;
  const { items } = JSON.parse(await world.run('get', 'pods', label, '--output=json')) as { items: Pod[] };
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

export async function allPods(world: KubeWorld): Promise<Pod[]> {
  return (await Promise.all(serviceNames.map((service) => podsOf(world, service)))).flat();
}

export function restartsOf({ status }: Pod): number[] {
  return (status.containerStatuses ?? []).map(({ restartCount }) => restartCount);
}
