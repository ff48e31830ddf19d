import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Side } from '@parley/contracts/debate';
import { type Database, migrate, openEmbedded, type StoredEvent } from '@parley/spine';
import { moderatorSchema } from '../src/app.ts';
import { earlierThan, motionOf } from '../src/out/assess.ts';
import { createReadRecent } from '../src/store/recent-turns.ts';

const sides = ['pro', 'con'] as const;
const rounds = 64;
const { schema } = moderatorSchema;
let db: Database;
/** The last statement, to be explained. */
let asked = { text: '', values: [] as readonly unknown[] };
const listening = {
  query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    asked = { text, values };
    return db.query<Row>(text, values);
  },
};

/** A debate as its log has it: a turn comes in, and is recorded. */
async function write(debate: string, upTo: number): Promise<StoredEvent[]> {
  const turns = Array.from({ length: upTo }, (_, i) => i + 1).flatMap((round) =>
    sides.flatMap((side) => {
      const data = { round, side, text: `${debate} ${side} ${round}` };
      return ['turn-received.v1', 'turn-rejected.v1', 'turn-recorded.v1'].map((type) => ({ type, data }));
    }),
  );
  const events = [{ type: 'debate-started.v1', data: { topic: `Motion ${debate}` } }, ...turns].map((one, i) => ({
    ...one,
    stream: debate,
    seq: i + 1,
  }));
  await db.query(
    `insert into ${schema}.event (stream_id, seq, type, data, at)
     select $1, (e->>'seq')::integer, e->>'type', e->'data', now() from json_array_elements($2::json) e`,
    [debate, JSON.stringify(events)],
  );
  return events as unknown as StoredEvent[];
}

beforeAll(async () => {
  db = await openEmbedded();
  await migrate(db, moderatorSchema);
  for (let n = 0; n < 20; n++) await write(`other-${n}`, rounds);
  await db.query(`analyze ${schema}.event`);
}, 60_000);
afterAll(() => db.close());

interface Node {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Node[];
}
const rowsOf = (node: Node): number =>
  (node['Relation Name'] === undefined
    ? 0
    : (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']) +
  (node.Plans ?? []).reduce((sum, one) => sum + rowsOf(one), 0);

async function rowsRead(debate: string): Promise<number> {
  await createReadRecent(listening, schema)(debate);
  const [row] = await db.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `explain (analyze, format json) ${asked.text}`,
    asked.values,
  );
  return rowsOf((row as NonNullable<typeof row>)['QUERY PLAN'][0].Plan);
}

test('what is read of a debate says all that a turn is held against', async () => {
  const read = createReadRecent(db, schema);
  for (let round = 1; round <= 5; round++) {
    for (const side of sides) {
      const debate = `d-${round}-${side}`;
      const log = await write(debate, round);
      // As the log stands when the turn is looked at: its own is not recorded yet.
      const mine = log.findIndex(({ data }) => {
        const one = data as { round?: number; side?: Side };
        return one.round === round && one.side === side;
      });
      await db.query(`delete from ${schema}.event where stream_id = $1 and seq > $2`, [debate, mine + 1]);
      const [whole, recent] = [log.slice(0, mine + 1), await read(debate)];
      expect(earlierThan(recent, round, side)).toEqual(earlierThan(whole, round, side));
      expect(motionOf(recent)).toBe(`Motion ${debate}`);
    }
  }
  expect(await read('nobody')).toEqual([]);
});

test('the last turn of a long debate reads as few rows as that of a short one', async () => {
  await write('short', 6);
  await write('long', rounds);
  await db.query(`analyze ${schema}.event`);
  const [short, long] = [await rowsRead('short'), await rowsRead('long')];
  expect(long).toBe(short);
  // The first event, the last one for its number, and the last 24.
  expect(long).toBeLessThanOrEqual(1 + 1 + 24);
});

test('turns are found behind however much else', async () => {
  const log = await write('talkative', 3);
  await db.query(
    `insert into ${schema}.event (stream_id, seq, type, data, at)
     select 'talkative', $1 + n, 'note-added.v1', '{}', now() from generate_series(1, 200) n`,
    [log.length],
  );
  const recent = await createReadRecent(db, schema)('talkative');
  expect(earlierThan(recent, 4, 'pro')).toEqual(earlierThan(log, 4, 'pro'));
});
