import { z } from 'zod';
import { noteSchema } from './floor.ts';

export const noteAddedV1 = z.object({ text: noteSchema });
export type NoteAddedV1 = z.infer<typeof noteAddedV1>;
