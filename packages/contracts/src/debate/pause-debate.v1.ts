import { z } from 'zod';

/** Take the floor away and give it to nobody until `resume-debate.v1`. The deadline keeps running. */
export const pauseDebateV1 = z.object({});
export type PauseDebateV1 = z.infer<typeof pauseDebateV1>;
