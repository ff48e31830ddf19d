import { describe, expect, test } from '@jest/globals';
import { openPostgres } from '../src/index.ts';
import { postgres, serverUrl } from './databases.ts';
import { add, deliver, newId, useWorld } from './world.ts';

const server = serverUrl;
if (server === undefined) {
  test.skip('two replicas that take the same inputs in opposite orders', () => {});
} else {
  describe('two replicas that take the same inputs in opposite orders', () => {
    const world = useWorld(postgres(server));

    test('never wait for each other, and every input counts once', async () => {
      const [here] = await world.db.query<{ name: string }>('select current_database() as name');
      const url = Object.assign(new URL(server), { pathname: `/${here?.name}` }).href;
      const neighbour = openPostgres({ url, poolSize: 2 });
      const [rounds, inputs] = [5, 50];
      // Slow enough that both are in the middle of theirs at the same time.
      await world.db.query(
        `create function ${world.schema}.linger() returns trigger language plpgsql as
          'begin perform pg_sleep(0.002); return new; end'`,
      );
      await world.db.query(
        `create trigger linger before insert on ${world.schema}.inbox for each row execute function ${world.schema}.linger()`,
      );
      try {
        const [one, other] = [world.spine(), world.spine({ db: neighbour })];
        for (let round = 0; round < rounds; round++) {
          // As after a rebalance: what the one has taken and not yet committed comes to the other, too. They are refused, so
          // that there is no stream whose lock would let only one of the two begin.
          const arrivals = Array.from({ length: inputs }, () => add(`stream-${round}`, -1, newId()));
          await Promise.all([deliver(one, arrivals), deliver(other, arrivals.toReversed())]);
        }
        expect([...one.troubles, ...other.troubles]).toEqual([]);
        const [counted] = await world.db.query<{ n: number }>(`select count(*)::int as n from ${world.schema}.inbox`);
        expect(counted?.n).toBe(rounds * inputs);
        const [seen] = await world.db.query<{ deadlocks: number }>(
          'select deadlocks::int from pg_stat_database where datname = current_database()',
        );
        expect(seen?.deadlocks).toBe(0);
      } finally {
        await neighbour.close();
      }
    });
  });
}
