import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

export const replayFailedV1 = defineMessage('replay-failed.v1', z.object({ debate: z.uuid(), reason: z.string() }));
export type ReplayFailedV1 = z.infer<typeof replayFailedV1.data>;
