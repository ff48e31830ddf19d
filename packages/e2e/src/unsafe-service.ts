// One agent's service as `main.ts` starts it, on a database without the promise that PARLEY_CONTROL names.
import { modules } from '@parley/cli/services.ts';
import { hostService } from '@parley/runtime/host';
import { unsafe } from './unsafe-database.ts';

const service = modules.find(({ name }) => name === process.env.PARLEY_SERVICE);
if (service === undefined) throw new Error(`PARLEY_SERVICE is ${process.env.PARLEY_SERVICE}, which is no service.`);
await hostService(
  {
    ...service,
    async configure(own, alone) {
      const { create } = await service.configure(own, alone);
      return { create: (parts) => create({ ...parts, db: unsafe(parts.db) }) };
    },
  },
  process.env,
);
