import { z } from 'zod';
import { plainText } from '../plain-text.ts';

export const cancelDebateV1 = z.object({
  reason: plainText('reason', 500).optional(),
});
export type CancelDebateV1 = z.infer<typeof cancelDebateV1>;
