/**
 * What is kept of a turn to recognise its repetition: hashes, bounded however long the turn was. Up to `maxShingles`
 * distinct shingles the measures are exact; beyond that they are estimates from the smallest hashes (bottom-k
 * sketches, Broder 1997, On the resemblance and containment of documents, §4).
 */
export interface Sketch {
  /** Hash of the normalised text: equal means said in the same words. */
  readonly hash: string;
  /** Sorted 24-bit hashes of word 3-grams (character bigrams where a script has no spaces), four characters each. */
  readonly shingles: string;
  /** The same of words that carry meaning. */
  readonly words: string;
}

const { imul } = Math;
const maxShingles = 192;
const maxWords = 128;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const digitOf: readonly number[] = Array.from({ length: 128 }, (_, code) =>
  alphabet.indexOf(String.fromCharCode(code)),
);

/** Scripts written without spaces between words: Unicode 16, chapter 6.2 (line breaking classes ID and SA). */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Runs of letters, marks and digits; everything else separates. */
const runs = /[\p{L}\p{M}\p{N}]+/gu;

const stopWords = new Set(
  (
    'a an and are as at be because been but by can could did do does for from had has have he her his how i if in into ' +
    'is it its just more most my no not of on or our out she should so some such than that the their them then there ' +
    'these they this those to too up us was we were what when which who why will with would you your'
  ).split(' '),
);

/** Words in lower case, compatibility forms folded (Unicode TR15, NFKC); unspaced scripts as character bigrams. */
export function tokens(text: string): string[] {
  const found: string[] = [];
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(runs)) {
    if (!unspaced.test(run)) {
      found.push(run);
      continue;
    }
    const characters = [...run];
    if (characters.length === 1) found.push(run);
    for (let i = 0; i + 1 < characters.length; i++) found.push(`${characters[i]}${characters[i + 1]}`);
  }
  return found;
}

export function sketch(text: string): Sketch {
  // A turn is measured and then remembered: the second call finds what the first one made.
  if (last?.text !== text) last = { text, sketch: sketchOf(text) };
  return last.sketch;
}
let last: { readonly text: string; readonly sketch: Sketch } | undefined;

function sketchOf(text: string): Sketch {
  const all = tokens(text);
  const isSpaced = !unspaced.test(text);
  const shingles = new Set<number>();
  const words = new Set<number>();
  for (let i = 0; i < all.length; i++) {
    const token = all[i] as string;
    if (!isSpaced && unspaced.test(token)) shingles.add(hash24(token));
    else if (i + 2 < all.length) shingles.add(hash24(`${token} ${all[i + 1]} ${all[i + 2]}`));
    if (!stopWords.has(token)) words.add(hash24(token));
  }
  // Fewer than three words are a shingle of their own: only a text without words is empty.
  if (shingles.size === 0 && all.length > 0) shingles.add(hash24(all.join(' ')));
  return {
    hash: hash53(all.join(' ')).toString(36),
    shingles: encode(shingles, maxShingles),
    words: encode(words, maxWords),
  };
}

/**
 * Share of `b`'s shingles that already occur in `a`, 0..1; 1 = nothing new was said. Empty `b` gives 1. When `a` is too
 * long to say anything of the few shingles of `b`, they count as new.
 * Source: "containment", Broder 1997, §2.
 */
export function containment(a: Sketch, b: Sketch): number {
  if (b.shingles === '') return 1;
  const { both, ofB } = overlap(decode(a.shingles), decode(b.shingles), maxShingles);
  return ofB === 0 ? 0 : both / ofB;
}

/** Shared meaning-carrying words over all of them, 0..1. Two empty texts give 1. Source: Jaccard 1912. */
export function jaccard(a: Sketch, b: Sketch): number {
  const { both, ofA, ofB } = overlap(decode(a.words), decode(b.words), maxWords);
  const union = ofA + ofB - both;
  return union === 0 ? 1 : both / union;
}

/** Counts below the largest hash that both sketches are complete up to. Both lists are sorted. */
function overlap(a: readonly number[], b: readonly number[], limit: number) {
  const edge = Math.min(
    a.length < limit ? Number.POSITIVE_INFINITY : (a.at(-1) as number),
    b.length < limit ? Number.POSITIVE_INFINITY : (b.at(-1) as number),
  );
  let both = 0;
  let ofA = 0;
  let ofB = 0;
  while (ofA < a.length || ofB < b.length) {
    const nextA = a[ofA] ?? Number.POSITIVE_INFINITY;
    const nextB = b[ofB] ?? Number.POSITIVE_INFINITY;
    if (Math.min(nextA, nextB) > edge) break;
    if (nextA === nextB) both += 1;
    if (nextA <= nextB) ofA += 1;
    if (nextB <= nextA) ofB += 1;
  }
  return { both, ofA, ofB };
}

function encode(hashes: ReadonlySet<number>, limit: number): string {
  const kept = [...hashes].sort((x, y) => x - y).slice(0, limit);
  let text = '';
  for (const hash of kept) {
    for (const shift of [18, 12, 6, 0]) text += alphabet.charAt((hash >> shift) & 63);
  }
  return text;
}

function decode(text: string): number[] {
  const hashes: number[] = [];
  const digit = (at: number): number => digitOf[text.charCodeAt(at)] ?? 0;
  for (let i = 0; i < text.length; i += 4) {
    hashes.push((digit(i) << 18) | (digit(i + 1) << 12) | (digit(i + 2) << 6) | digit(i + 3));
  }
  return hashes;
}

function hash24(text: string): number {
  return hash53(text) % 0x1000000;
}

/** cyrb53, public domain (bryc): 53 bits from two 32-bit lanes; no crypto, only spread. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h1 = imul(h1 ^ unit, 2654435761);
    h2 = imul(h2 ^ unit, 1597334677);
  }
  h1 = imul(h1 ^ (h1 >>> 16), 2246822507) ^ imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = imul(h2 ^ (h2 >>> 16), 2246822507) ^ imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
