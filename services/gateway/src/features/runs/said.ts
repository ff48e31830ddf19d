import type { Answer, QuestionAskedV1 } from '@parley/contracts/run';
import { BadRequest } from '@parley/runtime/problem.ts';

const yes = /^(y|yes|ok|okay|approve|approved|ja|oui|sí|si|好|是)[.!]?$/i;
const no = /^(n|no|deny|denied|nein|non|否|不)\b[,.:;!]?\s*(.*)$/is;
const done = /^done[.!]?$/i;
const notDone = /^not[ -]done[.!]?$/i;

/**
 * A person's words as the answer to a question: yes or no to an approval, done or not done to an outcome.
 * @throws BadRequest for words that are neither
 */
export function saidBy({ about, text: asked }: QuestionAskedV1, words: string): Answer {
  const text = words.trim();
  if (about === 'words') return { is: 'words', text };
  if (about === 'approval' && yes.test(text)) return { is: 'approved' };
  if (about === 'outcome' && notDone.test(text)) return { is: 'not-done' };
  if (about === 'outcome' && done.test(text)) return { is: 'done' };
  const [denied, , reason = ''] = no.exec(text) ?? [];
  if (denied !== undefined) return { is: 'denied', ...(reason === '' ? {} : { reason: reason.slice(0, 500) }) };
  const expected = about === 'approval' ? '"yes" or "no"' : '"done", "not done" or "no"';
  throw new BadRequest('body', [{ field: 'text', message: `The question is: ${asked} Answer ${expected}.` }]);
}
