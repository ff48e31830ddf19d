import type { ChatRequest } from '../model.ts';

/** A piece of evidence in a debater's prompt: its mark, then the text between two lines with the same nonce. */
const block = /Evidence \[([\w-]+)\]:\n(<<[\w-]+>>)\n([\s\S]*?)\n\2/g;
const wordsQuoted = 10;
const charactersQuoted = 20;

/** The prompt without its evidence: what is left was said by somebody. */
export function withoutEvidence(prompt: string): string {
  return prompt.replace(block, '');
}

/** A sentence that cites one piece, another in each round; empty without evidence. */
export function citationOf({ messages, purpose }: ChatRequest, isChinese: boolean): string {
  const prompt = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const pieces = [...prompt.matchAll(block)];
  const [, id, , text = ''] = pieces[((purpose.round ?? 1) - 1) % Math.max(1, pieces.length)] ?? [];
  if (id === undefined) return '';
  // A title stands alone in the first paragraph.
  const body = (text.split('\n\n').slice(1).join(' ') || text).replace(/["“”]/g, '').replace(/\s+/g, ' ').trim();
  const isSpaced = body.includes(' ');
  const quote = isSpaced ? body.split(' ').slice(0, wordsQuoted).join(' ') : body.slice(0, charactersQuoted);
  return isChinese ? `资料写得很清楚：“${quote}”[${id}]。` : ` The record is plain: "${quote}" [${id}].`;
}
