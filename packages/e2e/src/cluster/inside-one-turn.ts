import type { ServiceName } from '@parley/contracts';
import type { ClusterCampaignOptions } from '../cluster-campaign.ts';
import type { Fault } from './fault.ts';
import { ask, until } from './recovery.ts';
import type { World } from './world.ts';

export interface InsideOneTurn {
  readonly turnMs: number;
  readonly kills: number;
  readonly debates: number;
  readonly rounds: number;
}

/** How long one replica waits for the other. */
const secondMs = 5_000;

/** Turns as long as real ones, and both replicas of one agent killed several times before any of them can end. */
export function insideOneTurn({ turnMs, kills, debates, rounds }: InsideOneTurn) {
  const serial = debates * turnMs;
  return {
    clients: debates,
    isOnce: true,
    rounds,
    env: { PARLEY_REHEARSAL_LATENCY_MS: String(turnMs) },
    faults: () => [bothKilled('debater-a', 'debater_a', kills)],
    // Suspects run one after the other in each replica; then the debates go on side by side.
    limits: { recover: serial + 120_000, finish: serial + 10 * rounds * turnMs + 240_000, rest: 60_000 },
  } satisfies Partial<ClusterCampaignOptions>;
}

/**
 * All replicas of a service end at once, so often, each time as soon as the new ones have begun the work anew: no turn
 * that takes longer than their start can end in between.
 */
function bothKilled(service: ServiceName, schema: string, times: number): Fault {
  return {
    name: `kill -9 of every ${service}, ${times} times inside one turn`,
    async inject(world) {
      let count = 0;
      const dead = new Set<string>();
      for (let n = 0; n < times; n++) {
        const begun = async () => (await workersOf(world, schema)).filter((owner) => !dead.has(owner));
        await until(`${service} has begun again`, async () => (await begun()).length > 0);
        // The first that is up may have taken everything.
        const all = async () => (await begun()).length >= world.cluster.of(service).length;
        await until(`every ${service} has begun again`, all, secondMs).catch(() => {});
        for (const owner of await begun()) dead.add(owner);
        for (const replica of world.cluster.of(service)) {
          if (replica.pid === undefined) continue;
          replica.signal('SIGKILL');
          count += 1;
        }
      }
      return { count, kills: count };
    },
  };
}

/** Processes that are in the middle of something: of a suspect only once it runs alone. */
async function workersOf(world: World, schema: string): Promise<string[]> {
  const rows = await ask<{ owner: string }>(
    world,
    `select distinct lease_owner as owner from ${schema}.effect where state = 'running' and (crashes < 2 or is_alone)`,
  );
  return rows.map(({ owner }) => owner);
}
