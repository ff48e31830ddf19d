import { hostService, serviceMain } from '@parley/runtime/host';
import { gatewayModule } from './module.ts';

await serviceMain('gateway', () => hostService(gatewayModule, process.env));
