import { setTimeout as wait } from 'node:timers/promises';
import { agentSchemas } from '../checker.ts';
import type { World } from './world.ts';

const lookMs = 100;
const limitMs = 120_000;
const schemas = ['gateway', ...agentSchemas];

/** A question that a database which is away, or starting, is asked again. */
export async function ask<Row>({ db }: World, text: string, values?: readonly unknown[]): Promise<Row[]> {
  const end = performance.now() + limitMs;
  for (;;) {
    try {
      return await db.query<Row>(text, values);
    } catch (thrown) {
      if (performance.now() > end) throw thrown;
      await wait(lookMs);
    }
  }
}

/** @throws Error when it does not come true in time */
export async function until(what: string, isTrue: () => Promise<boolean>, withinMs = limitMs): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await wait(lookMs);
  }
}

interface Progress {
  readonly id: string;
  readonly version: number;
}

/** Accepted debates that are not over, with how far the moderator is. */
export async function underWay(world: World): Promise<Progress[]> {
  // A release before the one log of all streams lists debates in a table of their own.
  const [found] = await ask<{ name: string }>(
    world,
    `select coalesce(to_regclass('gateway.stream_listing'), to_regclass('gateway.debate'))::text as name`,
  );
  return ask<Progress>(
    world,
    `select g.id::text as id, coalesce(s.version, 0) as version from ${found?.name} g
      left join moderator.stream s on s.id = g.id::text
      where g.closed_at is null and coalesce(s.status, '') <> 'finished'`,
  );
}

/** Resolves when every debate that was under way when it was called has got at least one event further. */
export async function untilAllMoved(world: World, withinMs: number): Promise<void> {
  let still = await underWay(world);
  const moved = async () => {
    const now = new Map((await underWay(world)).map(({ id, version }) => [id, version]));
    still = still.filter(({ id, version }) => now.get(id) === version);
    return still.length === 0;
  };
  await until('every debate has moved', moved, withinMs);
}

/** Resolves when what lay in any outbox when it was called has been sent. */
export async function untilDrained(world: World, withinMs: number): Promise<void> {
  const edge = (end: 'min' | 'max') =>
    ask<{ pos: string | null }>(
      world,
      schemas.map((schema) => `select ${end}(pos)::text as pos from ${schema}.outbox`).join(' union all '),
    );
  const before = await edge('max');
  const drained = async () => {
    const now = await edge('min');
    return now.every(({ pos }, i) => pos === null || BigInt(pos) > BigInt(before[i]?.pos ?? -1));
  };
  await until('the outboxes are drained', drained, withinMs);
}
