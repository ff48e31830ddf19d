import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

export const cancelRunV1 = defineMessage('cancel-run.v1', z.object({ reason: z.string().max(500).optional() }));
export type CancelRunV1 = z.infer<typeof cancelRunV1.data>;
