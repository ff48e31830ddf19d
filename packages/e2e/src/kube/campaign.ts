import { type ServiceName, serviceNames } from '@parley/contracts';
import { createApi } from '../api.ts';
import type { Violation } from '../checker.ts';
import type { Balancer } from '../cluster/balancer.ts';
import { startLoad } from '../cluster/load.ts';
import { until } from '../cluster/recovery.ts';
import { checkAtRest } from '../cluster-campaign.ts';
import { generator } from '../random.ts';
import { allPods, podsOf, restartsOf } from './pods.ts';
import type { KubeWorld } from './world.ts';

export interface KubeCampaignOptions {
  readonly versions: readonly [from: string, to: string];
  readonly seed: number;
  readonly clients: number;
  say(line: string): void;
}

export interface KubeFound {
  /** From `kubectl apply` on a node that has the images to the first debate's verdict. */
  readonly firstVerdictMs: number;
  readonly rolledMs: number;
  readonly debates: number;
  readonly turns: number;
  readonly requests: number;
  /** Connections of those who followed the debates. */
  readonly watchers: number;
  /** Pods that were deleted, gently or at once. */
  readonly deleted: number;
  /** Of the scaled agent at the end. */
  readonly replicas: number;
  /** Requests without an answer, or with a 5xx. */
  readonly failures: readonly string[];
  /** Restarts of containers that nobody asked for. */
  readonly restarts: number;
  readonly violations: readonly Violation[];
}

const verdictMs = 300_000;
const finishMs = 300_000;
const restMs = 120_000;

/** A debate; then, under clients that go on: pods deleted, a new version, one agent from 1 replica to 5. */
export async function runKubeCampaign(world: KubeWorld, options: KubeCampaignOptions): Promise<KubeFound> {
  const { say, versions, clients } = options;
  const began = performance.now();
  await world.apply(versions[0]);
  await world.run('rollout', 'status', 'deployment/gateway', '--timeout=600s');
  const url = await world.url();
  const headers = { authorization: `Bearer ${await world.apiKey()}` };
  const api = createApi(url, headers);
  const first = await api.start({ topic: 'Is a machine of one node a cluster?', maxRounds: 2, minRounds: 2 });
  await api.untilClosed(first, verdictMs);
  const firstVerdictMs = Math.round(performance.now() - began);
  say(`from apply to the first verdict: ${firstVerdictMs} ms`);
  await world.untilRolledOut();

  const balancer: Balancer = { next: () => url, other: () => url, close: () => {} };
  const load = startLoad({ balancer, random: generator(options.seed) }, { clients, headers });
  try {
    await moreDebates(world, clients);
    const deleted = await deletePods(world, say);
    const rolledMs = await rollOut(world, versions[1], say);
    await moreDebates(world, clients);
    const replicas = await scale(world, 'debater-a', 5);
    await moreDebates(world, 2 * clients);

    const found = await load.finish(finishMs);
    const acknowledged = [first, ...found.acknowledged];
    const violations = await checkAtRest(world, acknowledged, restMs);
    const [counted] = await world.db.query<{ turns: number }>(
      `select count(*)::int as turns from moderator.event where type = 'turn-recorded.v1'`,
    );
    return {
      ...{ firstVerdictMs, rolledMs, deleted, replicas },
      debates: acknowledged.length,
      turns: counted?.turns ?? 0,
      requests: found.requests,
      watchers: found.connections,
      failures: load.failures(),
      restarts: (await allPods(world)).flatMap(restartsOf).reduce((sum, count) => sum + count, 0),
      violations: [...found.violations, ...violations],
    };
  } finally {
    await load.finish(0);
  }
}

/** One pod of every service. Resolves to how many, when all are replaced. */
async function deletePods(world: KubeWorld, say: (line: string) => void): Promise<number> {
  for (const service of serviceNames) {
    const pod = (await podsOf(world, service))[0]?.metadata.name ?? '';
    // A gateway that vanishes takes the requests that it holds along; agents hold none.
    const how = service === 'gateway' ? [] : ['--force', '--grace-period=0'];
    await world.run('delete', 'pod', pod, '--wait=false', ...how);
    say(`deleted ${pod} ${how.join(' ')}`);
    await moreDebates(world, 2);
  }
  await world.untilRolledOut();
  return serviceNames.length;
}

/** Resolves to how long it took until every pod was of the new version. */
async function rollOut(world: KubeWorld, version: string, say: (line: string) => void): Promise<number> {
  const since = performance.now();
  await world.apply(version);
  await world.untilRolledOut();
  const ms = Math.round(performance.now() - since);
  const images = new Set((await allPods(world)).flatMap(({ spec }) => spec.containers.map(({ image }) => image)));
  say(`rolled out in ${ms} ms: ${[...images].join(' ')}`);
  return ms;
}

/** From one replica to `replicas`. Resolves to how many there are. */
async function scale(world: KubeWorld, service: ServiceName, replicas: number): Promise<number> {
  for (const count of [1, replicas]) {
    await world.run('scale', `deployment/${service}`, `--replicas=${count}`);
    await world.untilRolledOut();
    await moreDebates(world, 2);
  }
  return (await podsOf(world, service)).length;
}

/** So that what comes next hits debates that began after what came before. */
async function moreDebates(world: KubeWorld, count: number): Promise<void> {
  const closed = async () => {
    const sql = `select count(*)::int as count from gateway.stream_listing where kind = 'debate' and closed_at is not null`;
    return (await world.db.query<{ count: number }>(sql))[0]?.count ?? 0;
  };
  const target = (await closed()) + count;
  await until(`${count} more debates end`, async () => (await closed()) >= target, finishMs);
}
