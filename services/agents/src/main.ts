import { hostService, serviceMain } from '@parley/runtime/host';
import { agentModule } from './module.ts';

await serviceMain(agentModule.name, () => hostService(agentModule, process.env));
