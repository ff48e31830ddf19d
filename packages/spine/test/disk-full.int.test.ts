import { existsSync, fdatasyncSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { createSpine, type Database, migrate, openEmbedded, type Spine } from '../src/index.ts';
import { kinds } from './deciders.ts';
import { makeDisk, type OwnDisk, onOwnDisk } from './own-disk.ts';
import { add, until } from './world.ts';

let folder = '';
let disk: OwnDisk | undefined;
let db: Database | undefined;
let spine: Spine | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
});
afterEach(async () => {
  await spine?.stop(0);
  await db?.close().catch(() => {});
  spine = undefined;
  db = undefined;
  disk?.remove();
  disk = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const opened = async (options: { sync?: (fd: number) => void } = {}, at = folder) => {
  const dataDir = join(at, 'data');
  mkdirSync(dataDir, { recursive: true });
  const made = await openEmbedded({ dataDir, ...options });
  db = made;
  await migrate(made, { schema: 's' });
  spine = createSpine({
    db: made,
    schema: 's',
    service: 'test',
    kinds,
    handlers: {},
    bus: { publish: async () => {} },
    pollMs: 50,
  });
  await spine.start();
  return { db: made, spine };
};

/** Gives inputs of 8 kB one after the other and notes which were acknowledged. */
function writer(to: Spine) {
  const acknowledged: string[] = [];
  const failures: unknown[] = [];
  let number = 0;
  return {
    acknowledged,
    failures,
    async once(): Promise<void> {
      number += 1;
      const stream = `w${number}`;
      const text = Array.from({ length: 800 }, () => Math.random().toString(36).slice(2, 12)).join('');
      try {
        await to.receive([add(stream, 1, stream, text)]);
        acknowledged.push(stream);
      } catch (thrown) {
        failures.push(thrown);
      }
    },
  };
}

async function expectAllThere(on: Database, acknowledged: readonly string[]): Promise<void> {
  const rows = await on.query<{ id: string }>('select stream_id as id from s.event');
  const there = new Set(rows.map(({ id }) => id));
  expect(acknowledged.filter((stream) => !there.has(stream))).toEqual([]);
  expect(rows).toHaveLength(there.size);
}

test('a sync that fails ends the embedded Postgres; it opens again by itself and nothing acknowledged is lost', async () => {
  let isFull = false;
  let refusals = 0;
  const world = await opened({
    sync(fd) {
      if (isFull) {
        refusals += 1;
        throw Object.assign(new Error('ENOSPC: no space left on device, fdatasync'), { code: 'ENOSPC' });
      }
      fdatasyncSync(fd);
    },
  });
  const work = writer(world.spine);
  for (let i = 0; i < 10; i++) await work.once();
  const openFiles: number[] = [];
  for (let outage = 0; outage < 3; outage++) {
    isFull = true;
    await Promise.all(Array.from({ length: 5 }, () => work.once()));
    await work.once();
    isFull = false;
    const before = work.acknowledged.length;
    await until('it takes inputs again', async () => {
      await work.once();
      return work.acknowledged.length > before;
    });
    if (existsSync('/proc/self/fd')) openFiles.push(readdirSync('/proc/self/fd').length);
  }
  expect((openFiles.at(-1) ?? 0) - (openFiles[0] ?? 0)).toBeLessThan(20);
  expect(refusals).toBeGreaterThan(0);
  expect(work.failures.length).toBeGreaterThan(0);
  for (const failure of work.failures) {
    expect(failure).toBeInstanceOf(ParleyError);
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  }
  await expectAllThere(world.db, work.acknowledged);
  await world.spine.stop(0);
  await world.db.close();
  const again = await opened();
  await expectAllThere(again.db, work.acknowledged);
}, 120_000);

onOwnDisk(
  'a disk that is really full answers "later" until there is room, without a restart',
  async () => {
    disk = makeDisk(95);
    const world = await opened({}, disk.folder);
    const work = writer(world.spine);
    await work.once();
    // Room for less than one more segment of the log, so that it is the log that runs out of it.
    disk.fill(20_000_000);
    await until(
      'the disk is full',
      async () => {
        await work.once();
        return work.failures.length > 0;
      },
      60_000,
    );
    for (let i = 0; i < 5; i++) await work.once();
    expect(work.failures).toHaveLength(6);
    for (const failure of work.failures)
      expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    disk.free();
    const before = work.acknowledged.length;
    await until('it takes inputs again', async () => {
      await work.once();
      return work.acknowledged.length > before;
    });
    await expectAllThere(world.db, work.acknowledged);
    expect(work.acknowledged.length).toBeGreaterThan(100);
  },
  180_000,
);
