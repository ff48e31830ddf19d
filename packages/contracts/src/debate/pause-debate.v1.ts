import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** Take the floor away and give it to nobody until `resume-debate.v1`. The deadline keeps running. */
export const pauseDebateV1 = defineMessage('pause-debate.v1', z.object({}));
export type PauseDebateV1 = z.infer<typeof pauseDebateV1.data>;
