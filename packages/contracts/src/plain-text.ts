import { z } from 'zod';

/**
 * C0 and C1 controls, halves of surrogate pairs, line separators, and the marks that reorder or hide text (Unicode 16
 * §23.2, §23.3 and §23.9). They make a terminal, a log or a prompt show something else than what stands there.
 */
const hidden =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** Controls are no text, but tabs and line ends are part of paragraphs. */
const hiddenInParagraphs = new RegExp(`(?![\\t\\n])${hidden.source}`, 'u');

/** Text from elsewhere without the characters that `plainParagraphs` refuses. */
export function withoutHidden(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(new RegExp(hiddenInParagraphs.source, 'gu'), '').trim();
}

/** Text of several lines; every line end becomes a new line. */
export function plainParagraphs(what: string, maxCharacters: number) {
  return z
    .string()
    .overwrite((text) => text.replace(/\r\n?/g, '\n').trim())
    .min(1, `a ${what} has at least one visible character`)
    .max(maxCharacters)
    .refine((text) => !hiddenInParagraphs.test(text), `a ${what} has no control or invisible characters`);
}

/** One line of text that people see as it is. */
export function plainText(what: string, maxCharacters: number) {
  return z
    .string()
    .trim()
    .min(1, `a ${what} has at least one visible character`)
    .max(maxCharacters)
    .refine((text) => !hidden.test(text), `a ${what} has no control or invisible characters`);
}

/** What Postgres' text can hold: neither NUL nor half a surrogate pair. Source: PostgreSQL 18 documentation, 8.14. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
