import { z } from 'zod';

/** Give the floor again where `pause-debate.v1` took it away. */
export const resumeDebateV1 = z.object({});
export type ResumeDebateV1 = z.infer<typeof resumeDebateV1>;
