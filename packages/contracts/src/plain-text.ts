import { z } from 'zod';

/**
 * Characters that make a terminal, a log or a prompt show something else than what stands there: C0 and C1 controls,
 * halves of surrogate pairs, line separators, embeddings, overrides and isolates of the writing direction, deprecated
 * format controls, and tags, which spell hidden text. Unicode 16, §23.1, §23.2, §23.3, §23.9. They are refused.
 */
const deceiving = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

/**
 * Characters that show nothing and say nothing between letters: hints for line breaks (soft hyphen, zero width space,
 * word joiner), byte order marks, invisible operators. Word processors and web pages leave them in what people copy.
 * They are dropped; scripts that are written without spaces keep the zero width space between their words.
 */
const idle =
  /\u00ad|[\u2060-\u2065]|\ufeff|(?<![\p{sc=Khmr}\p{sc=Thai}\p{sc=Laoo}\p{sc=Mymr}\p{sc=Tibt}])\u200b|\u200b(?![\p{sc=Khmr}\p{sc=Thai}\p{sc=Laoo}\p{sc=Mymr}\p{sc=Tibt}])/gu;

/** Marks of the writing direction put the full stop of a sentence to its right end; other scripts have no use for them. */
const marks = /[\u061c\u200e\u200f]/gu;
const rightToLeft = /(?=\p{L})[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}]/u;

/**
 * Joiners, separators of vowels and variation selectors that follow nothing that could need them. Persian, Indic scripts,
 * Mongolian, Hebrew and emoji are written with them: after a letter, a mark, a digit or a symbol they stay.
 */
const needless =
  /(?<![\p{L}\p{M}\p{N}\p{S}\p{P}])(?:\u034f|\u180e|\u200c|\u200d|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])+/gu;
/** A flag of a region of a country is an emoji that tags follow. Unicode Technical Standard 51, §1.4.9. */
const taggedFlag = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}/gu;

/** Controls are no text, but tabs and line ends are part of paragraphs. */
const deceivingInParagraphs = new RegExp(`(?![\\t\\n])${deceiving.source}`, 'u');

/** The same words without the characters that carry nothing. */
function withoutIdle(text: string): string {
  const lean = text.replace(idle, '').replace(needless, '');
  return rightToLeft.test(lean) ? lean : lean.replace(marks, '');
}

/**
 * Text of a file or a page without the characters that `plainParagraphs` drops, and without those that it refuses: nobody
 * typed them, and a user who names the page cannot remove them.
 */
export function withoutHidden(text: string): string {
  const kept = withoutIdle(text.replace(/\r\n?/g, '\n'));
  return kept.replace(new RegExp(deceivingInParagraphs.source, 'gu'), '').trim();
}

/** Which character deceives, and where: "U+202E at character 4 would change the order of what is shown". */
function faultOf(text: string, refused: RegExp): string | undefined {
  // Flags are looked over with their tags made plain, so that places stay the same.
  const plain = text.replace(taggedFlag, (flag) => 'x'.repeat(flag.length));
  const found = refused.exec(plain);
  if (found === null) return undefined;
  const [character] = found;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const place = [...plain.slice(0, found.index)].length + 1;
  return `has U+${code} (${kindOf(character)}) at character ${place}; remove it`;
}

function kindOf(character: string): string {
  if (/\p{Cs}/u.test(character)) return 'half of a surrogate pair';
  if (/[\u2028\u2029\n\r]/.test(character)) return 'a line end';
  if (/[\u202a-\u202e\u2066-\u2069]/.test(character)) return 'it changes the order in which text is shown';
  if (/\p{Cc}/u.test(character)) return 'a control character';
  return 'an invisible character that can hide text';
}

function checked(refused: RegExp) {
  return (text: string, context: z.RefinementCtx): void => {
    const fault = faultOf(text, refused);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  };
}

/** Text of several lines; every line end becomes a new line. */
export function plainParagraphs(what: string, maxCharacters: number) {
  return z
    .string()
    .overwrite((text) => withoutIdle(text.replace(/\r\n?/g, '\n')).trim())
    .min(1, `a ${what} has at least one visible character`)
    .max(maxCharacters)
    .superRefine(checked(deceivingInParagraphs));
}

/** One line of text that people see as it is. */
export function plainText(what: string, maxCharacters: number) {
  return z
    .string()
    .overwrite((text) => withoutIdle(text).trim())
    .min(1, `a ${what} has at least one visible character`)
    .max(maxCharacters)
    .superRefine(checked(deceiving));
}

/** What Postgres' text can hold: neither NUL nor half a surrogate pair. Source: PostgreSQL 18 documentation, 8.14. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
