import { z } from 'zod';
import { noteSchema } from './floor.ts';

/** A word of a human moderator to both sides; it rides in the floors that are given from now on. */
export const interjectV1 = z.object({ text: noteSchema });
export type InterjectV1 = z.infer<typeof interjectV1>;
