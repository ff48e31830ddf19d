import { describe, expect, test } from '@jest/globals';
import { openPostgres } from '../src/index.ts';
import { postgres, serverUrl } from './databases.ts';
import { add, deliver, until, useWorld } from './world.ts';

const server = serverUrl;
if (server === undefined) {
  test.skip('two replicas on Postgres', () => {});
} else {
  describe('two replicas on Postgres', () => {
    const world = useWorld(postgres(server));

    test('what the one commits that may not send, the other sends at once and not at its next poll', async () => {
      const [row] = await world.db.query<{ name: string }>('select current_database() as name');
      const url = Object.assign(new URL(server), { pathname: `/${row?.name}` }).href;
      const neighbour = openPostgres({ url, poolSize: 2 });
      try {
        const rare = { pollMs: 60_000 };
        const sender = world.spine(rare);
        await sender.start();
        await deliver(sender, [add('first')]);
        await until('it holds the lease', () => world.messages().length === 1);
        const other = world.spine({ ...rare, db: neighbour });
        await other.start();
        for (let n = 0; n < 20; n++) {
          await deliver(other, [add(`second-${n}`)]);
          await until('the sender was told', () => world.messages().length === n + 2);
        }
        expect(world.messages().map(({ subject }) => subject)).toEqual([
          'first',
          ...Array.from({ length: 20 }, (_, n) => `second-${n}`),
        ]);
        await other.stop(0);
      } finally {
        await neighbour.close();
      }
    });
  });
}
