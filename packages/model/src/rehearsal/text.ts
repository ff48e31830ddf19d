import type { Side } from '@parley/contracts/debate';
import type { ChatRequest } from '../model.ts';
import { fill } from './filled-schema.ts';
import { speech } from './speech.ts';
import { judge } from './verdict.ts';

/**
 * What the rehearsal model says to a request: a speech or a verdict, as JSON when a schema was sent. It understands
 * nothing, so it has no summary of anything.
 */
export function rehearsedText(request: ChatRequest): string {
  const { purpose, schema } = request;
  if (purpose.kind === 'judge') {
    const verdict = judge(request);
    return JSON.stringify(schema === undefined ? verdict : fill(schema, { ...verdict, text: verdict.reason }));
  }
  if (purpose.kind === 'assess') return JSON.stringify(fill(schema ?? {}, takenAtItsWord(purpose.side)));
  // A text without a word: no answer at all would be a failure.
  if (purpose.kind === 'summary') return '…';
  const text = speech(request);
  return schema === undefined ? text : JSON.stringify(fill(schema, { text, side: purpose.side ?? 'pro' }));
}

/** An assessment by a model that understands nothing: every turn is new, to the point, and on the side it was given by. */
function takenAtItsWord(side: Side = 'pro') {
  const stance = side === 'pro' ? 'for' : 'against';
  return { stance, isOnTopic: true, isNew: true, text: 'This is a rehearsal: nothing was understood.' };
}
