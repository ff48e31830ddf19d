/** What texts are written in, as far as embedding models tell them apart differently. */
export const scripts = ['latin', 'cjk', 'other'] as const;
export type Script = (typeof scripts)[number];

/** Unicode 16, chapter 18: Han, Kana, Bopomofo and Hangul; chapter 7.1: Latin. */
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/gu;
const latin = /\p{Script=Latin}/gu;
const letters = /\p{L}/gu;

/** A character of Chinese says about as much as four Latin letters, so a name in Latin letters changes nothing. */
const lettersPerCharacter = 4;

/** The script that most of a text is written in. A text without letters counts as Latin: there is nothing to misread. */
export function scriptOf(text: string): Script {
  const count = (of: RegExp): number => text.match(of)?.length ?? 0;
  const [inCjk, inLatin] = [count(cjk), count(latin)];
  const others = count(letters) - inCjk - inLatin;
  if (inCjk * lettersPerCharacter > Math.max(inLatin, others)) return 'cjk';
  return others > inLatin ? 'other' : 'latin';
}
