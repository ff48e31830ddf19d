import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { noteSchema } from './floor.ts';

export const noteAddedV1 = defineMessage('note-added.v1', z.object({ text: noteSchema }));
export type NoteAddedV1 = z.infer<typeof noteAddedV1.data>;
