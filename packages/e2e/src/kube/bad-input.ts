import type { ServiceName } from '@parley/contracts';
import { until } from '../cluster/recovery.ts';
import { type Pod, podsOf, restartsOf } from './pods.ts';
import type { KubeWorld } from './world.ts';

const seeMs = 120_000;

/** As a container's `env` has it. */
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

/** Takes the secret from a service. Resolves to the log of the pod that cannot begin, while the one before it goes on. */
export async function withoutSecret(world: KubeWorld, service: ServiceName): Promise<{ log: string; ready: number }> {
  const valueFrom = { secretKeyRef: { name: 'nobody-made-it', key: 'DATABASE_URL' } };
  await patch(world, service, { name: 'DATABASE_URL', valueFrom });
  let log = '';
  const isUnready = ({ status }: Pod) => status.containerStatuses?.some(({ ready }) => !ready) ?? false;
  await until(
    `a pod of ${service} says what it lacks`,
    async () => {
      const pod = (await podsOf(world, service)).find(isUnready)?.metadata.name;
      // Between two of its starts there may be no log.
      log = pod === undefined ? '' : await world.run('logs', pod).catch(() => '');
      return log.includes('DATABASE_URL');
    },
    seeMs,
  );
  const ready = (await podsOf(world, service)).filter((pod) => !isUnready(pod)).length;
  await undo(world, service);
  return { log, ready };
}

/** Gives a service a model that no server has. Resolves to what its readiness says, and how often it was restarted. */
export async function withoutModel(
  world: KubeWorld,
  service: ServiceName,
): Promise<{ said: string; restarts: number }> {
  await patch(world, service, { name: 'PARLEY_MODEL', value: 'ollama/nobody-pulled-it' });
  await world.untilRolledOut();
  const pods = await podsOf(world, service);
  const response = await fetch(`http://${pods[0]?.status.podIP}:8080/readyz?verbose`);
  const said = await response.text();
  await undo(world, service);
  return { said, restarts: pods.flatMap(restartsOf).reduce((sum, count) => sum + count, 0) };
}

async function patch(world: KubeWorld, service: ServiceName, variable: Variable): Promise<void> {
  const spec = { template: { spec: { containers: [{ name: service, env: [variable] }] } } };
  await world.run('patch', `deployment/${service}`, '--patch', JSON.stringify({ spec }));
}

async function undo(world: KubeWorld, service: ServiceName): Promise<void> {
  await world.run('rollout', 'undo', `deployment/${service}`);
  await world.untilRolledOut();
}
