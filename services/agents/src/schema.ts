import type { ServiceSchema } from '@parley/spine';

export const agentSchema: ServiceSchema = { schema: 'agent' };
