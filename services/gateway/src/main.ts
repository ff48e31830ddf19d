import { hostEnv, readEnv } from '@parley/runtime';
import { hostService } from '@parley/runtime/host';
import { createGateway, gatewaySchema } from './app.ts';

const env = readEnv(hostEnv, process.env);
await hostService({
  service: 'gateway',
  schema: gatewaySchema,
  port: env.PORT ?? 8080,
  env,
  create: (parts) =>
    createGateway({ ...parts, ...(env.PARLEY_POLL_MS === undefined ? {} : { pollMs: env.PARLEY_POLL_MS }) }),
});
