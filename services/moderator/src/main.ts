import { hostService, serviceMain } from '@parley/runtime/host';
import { moderatorModule } from './module.ts';

await serviceMain('moderator', () => hostService(moderatorModule, process.env));
