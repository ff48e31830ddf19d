import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { noteSchema } from './floor.ts';

/** A note of a person to both sides of a debate; every floor that is given from now on carries it. */
export const addNoteV1 = defineMessage('add-note.v1', z.object({ text: noteSchema }));
export type AddNoteV1 = z.infer<typeof addNoteV1.data>;

/** The name of `add-note.v1` in the release before this one; accepted, not sent. */
export const interjectV1 = defineMessage('interject.v1', addNoteV1.data);
