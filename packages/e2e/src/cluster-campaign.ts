import { messageOf } from '@parley/contracts';
import { check, type Violation } from './checker.ts';
import { debateServices } from './cluster/agents.ts';
import type { Fault } from './cluster/fault.ts';
import { startLoad } from './cluster/load.ts';
import { createPoisoner, offsetsReset, startDuplicates } from './cluster/message-faults.ts';
import * as processes from './cluster/process-faults.ts';
import { ask, underWay, until, untilAllMoved, untilDrained } from './cluster/recovery.ts';
import type { Release } from './cluster/release.ts';
import * as servers from './cluster/server-faults.ts';
import { openWorld, type World } from './cluster/world.ts';
import { lostOf, type Outcomes, outcomesOf } from './outcomes.ts';
import { pick } from './random.ts';

export interface ClusterCampaignOptions {
  /** Of the throw-away servers. */
  readonly name: string;
  readonly seed: number;
  readonly clients?: number;
  /** Of each debate; drawn without it. */
  readonly rounds?: number;
  /** Each client has one debate only. */
  readonly isOnce?: boolean;
  readonly brokers?: 1 | 3;
  /** After the short form faults are drawn for so long. Without it the short form is all. */
  readonly minutes?: number;
  /** Instead of the short form; it is given the poisoning, which the campaign counts. */
  readonly faults?: (poison: Fault) => readonly Fault[];
  readonly replicas?: number;
  readonly control?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the cluster begins with, if not this build. */
  readonly release?: Release;
  readonly limits?: Partial<typeof limitsMs>;
  say(line: string): void;
}

/** Milliseconds from a fault until every open debate had moved and what lay in the outboxes was sent. */
export interface Recovery {
  readonly fault: string;
  /** Single faults in all rounds. */
  readonly injected: number;
  readonly rounds: number;
  readonly p50Ms: number;
  readonly maxMs: number;
}

export interface ClusterFound {
  readonly seed: number;
  readonly seconds: number;
  readonly debates: number;
  readonly turns: number;
  readonly outcomes: Outcomes;
  readonly requests: number;
  readonly watchers: number;
  readonly duplicates: number;
  /** Poisons that had to be buried, counted once for each reader. */
  readonly graves: number;
  /** Answers of zombies that were refused, as far as processes lived to tell. */
  readonly fenced: number;
  /** Processes that ended without being told to. */
  readonly exits: number;
  readonly faults: readonly Recovery[];
  readonly alarms: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

const duplicateShare = 0.1;
const readyMs = 180_000;
/** What takes longer is a violation: work to go on after a fault, the last debates to end, the rest to come to rest. */
const limitsMs = { recover: 60_000, finish: 90_000, rest: 30_000 };

/** Everything that can happen in a few minutes, while clients go on; then rest, then the check. */
export async function runClusterCampaign(options: ClusterCampaignOptions): Promise<ClusterFound> {
  const began = performance.now();
  const { seed, say, minutes = 0 } = options;
  const limits = { ...limitsMs, ...options.limits };
  const world = await openWorld(options);
  try {
    const load = startLoad(world, {
      clients: options.clients ?? 12,
      rounds: options.rounds,
      isOnce: options.isOnce,
    });
    const duplicates = await startDuplicates(world, duplicateShare);
    const poisoner = createPoisoner();
    const violations: Violation[] = [];
    const runs: { fault: string; count: number; ms: number }[] = [];
    let kills = 0;
    let fenced = 0;

    const strike = async (fault: Fault): Promise<void> => {
      await untilBusy(world);
      const fencedBefore = await fencedOf(world);
      const injected = await fault.inject(world, load);
      const since = performance.now();
      await Promise.all([untilAllMoved(world, limits.recover), untilDrained(world, limits.recover)]).catch((thrown) =>
        violations.push({ rule: 'work goes on after a fault', detail: `${fault.name}: ${messageOf(thrown)}` }),
      );
      const ms = Math.round(performance.now() - since);
      kills += injected.kills ?? 0;
      violations.push(...(injected.violations ?? []));
      runs.push({ fault: fault.name, count: injected.count, ms });
      await world.cluster.ready(readyMs);
      fenced += Math.max(0, (await fencedOf(world)) - fencedBefore);
      say(
        `${Math.round((performance.now() - began) / 1000)} s: ${fault.name} × ${injected.count}, recovered in ${ms} ms`,
      );
    };
    for (const fault of (options.faults ?? shortForm)(poisoner.fault)) await strike(fault);
    const end = performance.now() + minutes * 60_000;
    const all = longForm(poisoner.fault, world.brokers.length);
    while (performance.now() < end) await strike(pick(world.random, all));

    const found = await load.finish(limits.finish);
    const copies = duplicates.count();
    await duplicates.stop();
    violations.push(
      ...found.violations,
      ...(await checkAtRest(world, found.acknowledged, limits.rest)),
      ...(await poisoner.missing(world)),
    );
    const outcomes = await outcomesOf(world.db);
    violations.push(...lostOf(outcomes));
    const [counted] = await ask<{ turns: number }>(
      world,
      `select count(*)::int as turns from moderator.event where type = 'turn-recorded.v1'`,
    );
    return {
      seed,
      seconds: Math.round((performance.now() - began) / 1000),
      debates: found.acknowledged.length,
      turns: counted?.turns ?? 0,
      outcomes,
      requests: found.requests,
      watchers: found.connections,
      duplicates: copies,
      graves: poisoner.graves(),
      fenced,
      exits: world.cluster.replicas.reduce((sum, { restarts }) => sum + restarts, 0) - kills,
      faults: [...Map.groupBy(runs, ({ fault }) => fault)].map(([fault, list]) => recoveryOf(fault, list)),
      alarms: Object.fromEntries(world.alarms),
      violations,
    };
  } finally {
    await world.close();
  }
}

function shortForm(poison: Fault): readonly Fault[] {
  return [
    processes.kill('moderator'),
    processes.beyondLease,
    servers.commitCut,
    poison,
    servers.postgresFast,
    processes.kill('debater-a'),
    processes.failpoints('here and there', [
      ['moderator', 'mid-tick-before-commit', 5],
      ['debater-a', 'after-model-before-completion', 3],
      ['debater-b', 'after-commit', 5],
    ]),
    servers.postgresKilled,
    offsetsReset('moderator'),
    servers.brokerKilled,
    processes.storm,
    processes.rolling,
  ];
}

function longForm(poison: Fault, brokers: number): readonly Fault[] {
  const points = (['after-consume', 'after-inbox-insert', 'mid-tick-before-commit', 'after-commit'] as const).flatMap(
    (point) => [
      processes.failpoints(point, [
        ['moderator', point, 5],
        ['debater-a', point, 3],
        ['debater-b', point, 5],
      ]),
    ],
  );
  const ofEffects = (['after-claim', 'mid-model-call', 'after-model-before-completion'] as const).map((point) =>
    processes.failpoints(point, [
      ['debater-a', point, 3],
      ['debater-b', point, 5],
    ]),
  );
  const sending = processes.failpoints('after-send-before-mark', [
    ['gateway', 'after-send-before-mark', 2],
    ['moderator', 'after-send-before-mark', 5],
    ['debater-a', 'after-send-before-mark', 3],
  ]);
  return [
    ...points,
    ...ofEffects,
    sending,
    ...debateServices.map(processes.kill),
    processes.storm,
    ...[processes.beyondLease, processes.beyondLease, processes.beyondSession, processes.rolling],
    ...[servers.postgresFast, servers.postgresKilled, servers.commitCut, servers.commitCut],
    brokers > 1 ? servers.brokerLost : servers.brokerKilled,
    servers.brokerKilled,
    ...debateServices.map(offsetsReset),
    poison,
  ];
}

/** A fault that hits nobody proves nothing. */
function untilBusy(world: World): Promise<void> {
  return until(
    'debates are under way',
    async () => (await underWay(world)).filter(({ version }) => version > 0).length > 3,
  );
}

/** What is on its way may still arrive: violations that stay are violations. */
export async function checkAtRest(
  { db }: Pick<World, 'db'>,
  acknowledged: readonly string[],
  withinMs: number,
): Promise<readonly Violation[]> {
  let violations: readonly Violation[] = [];
  await until(
    'nothing is violated',
    async () => {
      violations = await check(db, acknowledged);
      return violations.length === 0;
    },
    withinMs,
  ).catch(() => {});
  return violations;
}

async function fencedOf({ cluster }: World): Promise<number> {
  const texts = await Promise.all(
    cluster.replicas.map(({ url }) =>
      fetch(`${url}/metrics`, { signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.text(),
        () => '',
      ),
    ),
  );
  return texts
    .flatMap((text) => [...text.matchAll(/^parley_completions_fenced_total\{.*\} (\d+)$/gm)])
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

function recoveryOf(fault: string, runs: readonly { count: number; ms: number }[]): Recovery {
  const times = runs.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    fault,
    injected: runs.reduce((sum, { count }) => sum + count, 0),
    rounds: runs.length,
    p50Ms: times[times.length >> 1] ?? 0,
    maxMs: times.at(-1) ?? 0,
  };
}
