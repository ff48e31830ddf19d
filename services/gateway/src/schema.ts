import { fileURLToPath } from 'node:url';
import type { ServiceSchema } from '@parley/spine';

export const gatewaySchema: ServiceSchema = {
  schema: 'gateway',
  dir: fileURLToPath(new URL('../migrations', import.meta.url)),
  appendOnly: ['stream_event', 'debate_event', 'audit'],
};
