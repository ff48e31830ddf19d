import { z } from 'zod';

export const cancelDebateV1 = z.object({
  reason: z.string().max(500).optional(),
});
export type CancelDebateV1 = z.infer<typeof cancelDebateV1>;
