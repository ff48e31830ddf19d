import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { startRunV1 } from './start-run.v1.ts';

export const runStartedV1 = defineMessage(
  'run-started.v1',
  startRunV1.data.extend({ deadlineAt: z.int().describe('Milliseconds since 1970: the run is over by then.') }),
);
export type RunStartedV1 = z.infer<typeof runStartedV1.data>;
