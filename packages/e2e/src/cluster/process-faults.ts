import { setTimeout as wait } from 'node:timers/promises';
import type { Failpoint } from '@parley/spine';
import type { Replica } from '@parley/tools';
import { agentSchemas } from '../checker.ts';
import { pick } from '../random.ts';
import { debateAgents } from './agents.ts';
import type { Fault, Injected } from './fault.ts';
import type { Load } from './load.ts';
import { ask, until } from './recovery.ts';
import { leaseMs, type World } from './world.ts';

const reachMs = 40_000;
/** Kafka takes a member for dead after this. */
const sessionMs = 10_000;

type Service = Replica['service'];
type Crash = readonly [service: Service, failpoint: Failpoint, hit: number];

/** Processes that kill themselves in the middle of something. */
export function failpoints(name: string, crashes: readonly Crash[]): Fault {
  return {
    name: `failpoints ${name}`,
    async inject(world) {
      const died = await Promise.all(crashes.map((crash) => crashAt(world, crash)));
      const count = died.reduce((sum, each) => sum + each, 0);
      return { count, kills: count };
    },
  };
}

/** How many have died there. Only one of a service's processes sends its outbox, so all of them are armed for that. */
async function crashAt({ cluster }: World, [service, failpoint, hit]: Crash): Promise<number> {
  const all = cluster.of(service);
  const armed = failpoint === 'after-send-before-mark' ? all : all.slice(0, 1);
  const before = armed.map(({ restarts }) => restarts);
  for (const replica of armed) {
    await replica.stop();
    replica.start({ PARLEY_FAILPOINT: `${failpoint}:${hit}` });
  }
  await Promise.race([wait(reachMs), ...armed.map(({ ended }) => ended)]);
  const hasDied = armed.map(({ restarts }, i) => restarts > (before[i] ?? 0));
  for (const [i, replica] of armed.entries()) {
    if (hasDied[i]) continue;
    await replica.stop();
    replica.start();
  }
  return hasDied.filter(Boolean).length;
}

/** One process, any of this service. */
export function kill(service: Service): Fault {
  return {
    name: `kill -9 of one ${service}`,
    async inject({ cluster, random }) {
      pick(random, cluster.of(service)).signal('SIGKILL');
      return { count: 1, kills: 1 };
    },
  };
}

/** More than half of all processes, and half a second later some of them again. */
export const storm: Fault = {
  name: 'kill -9 in a storm',
  async inject({ cluster, random }) {
    let count = 0;
    for (const share of [0.6, 0.4]) {
      for (const replica of cluster.replicas) {
        if (random() > share || replica.pid === undefined) continue;
        replica.signal('SIGKILL');
        count += 1;
      }
      await wait(1_500);
    }
    return { count, kills: count };
  },
};

/** One process of each agent stands still and goes on as if nothing had been: its answers come too late. */
export function freeze(ms: number): Fault {
  return {
    name: `SIGSTOP for ${ms / 1_000} s`,
    async inject({ cluster, random }) {
      const frozen = debateAgents.map((service) => pick(random, cluster.of(service)));
      for (const replica of frozen) replica.signal('SIGSTOP');
      await wait(ms);
      for (const replica of frozen) replica.signal('SIGCONT');
      return { count: frozen.length };
    },
  };
}
export const beyondLease = freeze(leaseMs * 2.5);

const zombieTries = 12;
/** A zombie is awake for so long before it is asked whether it was heard. */
const awakeMs = 3_000;

/**
 * Freezes until an answer was counted twice, which only a service without its fence allows. Whether a process had
 * work in hand when it froze is chance, and less of it on a slow machine.
 */
export const beyondLeaseUntilHeard: Fault = {
  name: 'SIGSTOP until an answer counts twice',
  async inject(world, load) {
    let count = 0;
    for (let tried = 0; tried < zombieTries; tried++) {
      count += (await beyondLease.inject(world, load)).count;
      const isHeard = await until('an answer counts twice', () => hasTwice(world), awakeMs).then(
        () => true,
        () => false,
      );
      if (isHeard) break;
    }
    return { count };
  },
};

async function hasTwice(world: World): Promise<boolean> {
  const twice = agentSchemas.map((schema) => `select from ${schema}.effect where finished > 1`).join(' union all ');
  const [row] = await ask<{ is: boolean }>(world, `select exists (${twice}) as is`);
  return row?.is === true;
}
export const beyondSession = freeze(sessionMs * 1.5);

/** Every process is replaced, one of a service at a time. No client may notice. */
export const rolling: Fault = { name: 'rolling restart', inject: replaceAll };

/** The same, and what comes is this build: its migrations go first, and for a while both releases work together. */
export const upgrade: Fault = {
  name: 'upgrade',
  async inject(world, load) {
    await world.cluster.migrate();
    for (const replica of world.cluster.replicas) replica.program = undefined;
    return replaceAll(world, load);
  },
};

async function replaceAll({ cluster }: World, load: Load): Promise<Injected> {
  const [failed, asked] = [load.failures().length, load.requests()];
  const rounds = Math.max(...cluster.replicas.map(({ name }) => Number(name.split('/')[1])));
  const [gateways, agents] = [
    cluster.of('gateway'),
    cluster.replicas.filter(({ name }) => !name.startsWith('gateway/')),
  ];
  // The gateway goes last: it writes the commands that the others have to understand.
  const steps = [agents, gateways].flatMap((of) => Array.from({ length: rounds }, (_, i) => ({ of, round: i + 1 })));
  for (const { of, round } of steps) {
    const replaced = of.filter(({ name }) => name.endsWith(`/${round}`));
    await Promise.all(
      replaced.map(async (replica) => {
        await replica.stop();
        replica.start();
        await until(`${replica.name} is ready`, () => replica.isReady());
      }),
    );
  }
  const lost = load.failures().slice(failed);
  const detail = `${lost.length} of ${load.requests() - asked} requests failed: ${lost.slice(0, 5).join(' | ')}`;
  return {
    count: cluster.replicas.length,
    violations: lost.length === 0 ? [] : [{ rule: 'a rolling restart fails no request', detail }],
  };
}
