import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { plainText } from '../plain-text.ts';

export const cancelDebateV1 = defineMessage(
  'cancel-debate.v1',
  z.object({
    reason: plainText('reason', 500).optional(),
  }),
);
export type CancelDebateV1 = z.infer<typeof cancelDebateV1.data>;
