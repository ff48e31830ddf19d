import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** Give the floor again where `pause-debate.v1` took it away. */
export const resumeDebateV1 = defineMessage('resume-debate.v1', z.object({}));
export type ResumeDebateV1 = z.infer<typeof resumeDebateV1.data>;
