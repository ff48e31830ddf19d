import { agentModule } from '@parley/agents/module.ts';
import { debaterModule } from '@parley/debater/module.ts';
import { gatewayModule } from '@parley/gateway/module.ts';
import { moderatorModule } from '@parley/moderator/module.ts';
import type { ServiceModule } from '@parley/runtime';

/** Every service: whatever exists once for each of them is made from this list. The gateway, which all serve, is first. */
export const modules: readonly ServiceModule[] = [
  gatewayModule,
  moderatorModule,
  debaterModule('pro'),
  debaterModule('con'),
  agentModule,
];
