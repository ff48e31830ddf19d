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
  const text = cut(
    raw
      .replace(controls, (c) => (c === '\n' || c === '\t' ? c : ''))
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  );
  if (text === '') return { ok: false, reason: 'the model said nothing' };
  const found = text.match(letters)?.length ?? 0;
  // A Han letter says as much as several Latin ones; half as many still make a sentence.
  const needed = /\p{Script=Han}/u.test(text) ? minLetters / 2 : minLetters;
  if (found < needed || found < text.replace(/\s/g, '').length / 3 || !hasWords(text)) {
    return { ok: false, reason: `the model's text is no language: "${head(text, 60)}"` };
  }
  return { ok: true, text };
}

/** At least half of what spaces separate has no digit. Scripts without letter case do not separate words so. */
function hasWords(text: string): boolean {
  if (/\p{Lo}/u.test(text)) return true;
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.filter((word) => !/\p{N}/u.test(word)).length >= words.length / 2;
}

/** Ends at the last sentence, unless the text would lose more than half of its room by that. */
function cut(text: string): string {
  if (text.length <= maxCharacters) return text;
  const start = head(text, maxCharacters);
  const last = [...start.matchAll(sentenceEnd)].at(-1);
  return last === undefined || last.index < maxCharacters / 2 ? start.trimEnd() : start.slice(0, last.index + 1);
}

/** The first `units` UTF-16 units at most, with no half of a surrogate pair at the end: no database takes one. */
function head(text: string, units: number): string {
  return text.slice(0, units).replace(/\p{Cs}$/u, '');
}
