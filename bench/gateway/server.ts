// One gateway process, told by its parent which facts to publish. DATABASE_URL. Says its port and an API key first.
import { createMemoryBus } from '@parley/bus';
import { type Message, topics } from '@parley/contracts';
import { createGateway, gatewaySchema } from '@parley/gateway';
import { openKeyOffice } from '@parley/gateway/operator.ts';
import { createWeb, listen, silentLogger } from '@parley/runtime';
import { type Database, migrate, openPostgres } from '@parley/spine';
import { Registry } from 'prom-client';

const postgres = openPostgres({ url: process.env.DATABASE_URL ?? '', poolSize: 10 });
let committedAt = 0n;
/** Says when the last transaction was committed: an event goes out to the readers right after. */
const db: Database = {
  ...postgres,
  async transaction(work, options) {
    const made = await postgres.transaction(work, options);
    committedAt = process.hrtime.bigint();
    return made;
  },
};
await postgres.query('drop schema if exists gateway cascade');
await migrate(db, gatewaySchema);
const bus = createMemoryBus({});
const registry = new Registry();
const gateway = await createGateway({ db, bus, logger: silentLogger, registry, auth: {} });
const web = createWeb({ routers: [gateway.routes], registry, logger: silentLogger, ready: {} });
await gateway.start();
const { port } = await listen(web, 0, '127.0.0.1');
const maker = { tenant: 'default', subject: 'bench' };
const { key } = await openKeyOffice(postgres).create(maker, { name: 'bench', scopes: ['admin'] });

process.on('message', async (facts: readonly Message[]) => {
  await bus.publish(topics.debateEvents.name, facts);
  process.send?.({ committedAt: String(committedAt) });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port, key });
