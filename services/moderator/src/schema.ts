import type { ServiceSchema } from '@parley/spine';

export const moderatorSchema: ServiceSchema = { schema: 'moderator' };
