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

const maxShingles = 192;
const maxWords = 128;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Scripts written without spaces between words: Unicode 16, chapter 6.2 (line breaking classes ID and SA). */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
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
  const all = tokens(text);
  const shingles = new Set<number>();
  const words = new Set<number>();
  for (let i = 0; i < all.length; i++) {
    const token = all[i] as string;
    if (unspaced.test(token)) shingles.add(hash24(token));
    else if (i + 2 < all.length) shingles.add(hash24(`${token} ${all[i + 1]} ${all[i + 2]}`));
    if (!stopWords.has(token)) words.add(hash24(token));
  }
  return {
    hash: hash53(all.join(' ')).toString(36),
    shingles: encode(shingles, maxShingles),
    words: encode(words, maxWords),
  };
}

/**
 * Share of `b`'s shingles that already occur in `a`, 0..1; 1 = nothing new was said. Empty `b` gives 1.
 * Source: "containment", Broder 1997, §2.
 */
export function containment(a: Sketch, b: Sketch): number {
  const { both, ofB } = overlap(decode(a.shingles), decode(b.shingles), maxShingles);
  return ofB === 0 ? 1 : both / ofB;
}

/** Shared meaning-carrying words over all of them, 0..1. Two empty texts give 1. Source: Jaccard 1912. */
export function jaccard(a: Sketch, b: Sketch): number {
  const { both, ofA, ofB } = overlap(decode(a.words), decode(b.words), maxWords);
  const union = ofA + ofB - both;
  return union === 0 ? 1 : both / union;
}

/** Counts below the largest hash that both sketches are complete up to. */
function overlap(a: readonly number[], b: readonly number[], limit: number) {
  const edge = Math.min(
    a.length < limit ? Number.POSITIVE_INFINITY : (a.at(-1) as number),
    b.length < limit ? Number.POSITIVE_INFINITY : (b.at(-1) as number),
  );
  const inA = new Set(a.filter((hash) => hash <= edge));
  const inB = b.filter((hash) => hash <= edge);
  return { both: inB.filter((hash) => inA.has(hash)).length, ofA: inA.size, ofB: inB.length };
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
  for (let i = 0; i < text.length; i += 4) {
    let hash = 0;
    for (let k = 0; k < 4; k++) hash = hash * 64 + alphabet.indexOf(text.charAt(i + k));
    hashes.push(hash);
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
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
