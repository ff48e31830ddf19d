import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { limitsOfRun } from './run-limits.ts';

/** Tells a run something while it goes on; the next thought knows it. */
export const addMessageV1 = defineMessage(
  'add-message.v1',
  z.object({ text: z.string().min(1).max(limitsOfRun.words) }),
);
export type AddMessageV1 = z.infer<typeof addMessageV1.data>;
