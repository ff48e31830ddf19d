import { defineMessage } from '../define-message.ts';
import { addMessageV1 } from './add-message.v1.ts';

export const messageAddedV1 = defineMessage('message-added.v1', addMessageV1.data);
