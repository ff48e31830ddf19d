import { z } from 'zod';
import { noteSchema } from './floor.ts';

/** A note of a person to both sides of a debate; every floor that is given from now on carries it. */
export const addNoteV1 = z.object({ text: noteSchema });
export type AddNoteV1 = z.infer<typeof addNoteV1>;
