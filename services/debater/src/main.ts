import { readEnv } from '@parley/runtime';
import { hostService, serviceMain } from '@parley/runtime/host';
import { debaterEnv } from './config.ts';
import { debaterModule } from './module.ts';

await serviceMain('debater', () => {
  const { PARLEY_SIDE: side } = readEnv(debaterEnv, process.env);
  return hostService(debaterModule(side), process.env);
});
