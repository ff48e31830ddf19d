import { z } from 'zod';

export const replayFailedV1 = z.object({ debate: z.uuid(), reason: z.string() });
export type ReplayFailedV1 = z.infer<typeof replayFailedV1>;
