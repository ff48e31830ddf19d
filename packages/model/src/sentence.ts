/**
 * The end of a sentence: a full stop of any script with the quotes and brackets that close behind it. A dot ends one
 * only before white space or the end, so that 3.5 and example.org stay whole; full stops of scripts that write without
 * spaces end one anywhere.
 */
const sentenceEnd = /(?:[.!?…۔؟।॥][\p{Pe}\p{Pf}"']*(?=\s|$))|(?:[。！？．｡][\p{Pe}\p{Pf}"']*)/gu;

/** The longest beginning of at most `most` characters that ends with a sentence, else with a word, else anywhere. */
export function cutAtSentence(text: string, most: number): string {
  if (text.length <= most) return text;
  // One character more shows whether a dot at the end is followed by white space.
  const head = text.slice(0, most + 1);
  let end = 0;
  for (const { 0: mark, index } of head.matchAll(sentenceEnd)) {
    if (index + mark.length <= most) end = index + mark.length;
  }
  if (end > most / 2) return text.slice(0, end);
  const words = head.search(/\s\S*$/);
  // No half of a surrogate pair: no database takes one.
  return words > most / 2 ? text.slice(0, words).trimEnd() : text.slice(0, most).replace(/\p{Cs}$/u, '');
}

/** Whether a text ends where an answer may end: with a sentence, or with the brace of its JSON. */
export function endsWhole(text: string): boolean {
  return /(?:[.!?…۔؟।॥。！？．｡][\p{Pe}\p{Pf}"'*_]*|\}|```)\s*$/u.test(text);
}
