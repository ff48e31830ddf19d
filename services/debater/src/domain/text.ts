/** The longest turn that is taken; what a model writes beyond it is cut at a sentence. */
export const maxCharacters = 8_000;
/** Fewer letters than this are no turn. */
const minLetters = 12;
/** Controls except new line and tab: terminals and logs would act on them. */
const controls = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;
const letters = /\p{L}/gu;
const sentenceEnd = /[.!?。！？]/g;

export type JudgedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };

/** What may be said as a turn: cleaned and cut, or the reason why it is none. */
export function judgeText(raw: string): JudgedText {
  const clean = raw
    .replace(controls, (c) => (c === '\n' || c === '\t' ? c : ''))
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (clean === '') return { ok: false, reason: 'the model said nothing' };
  const found = clean.match(letters)?.length ?? 0;
  // A Han letter says as much as several Latin ones; half as many still make a sentence.
  const needed = /\p{Script=Han}/u.test(clean) ? minLetters / 2 : minLetters;
  if (found < needed || found < clean.replace(/\s/g, '').length / 3) {
    return { ok: false, reason: `the model's text is no language: "${clean.slice(0, 60)}"` };
  }
  return { ok: true, text: cut(clean) };
}

function cut(text: string): string {
  if (text.length <= maxCharacters) return text;
  const head = text.slice(0, maxCharacters);
  const last = [...head.matchAll(sentenceEnd)].at(-1);
  return last === undefined ? head : head.slice(0, last.index + 1);
}
