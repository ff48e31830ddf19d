import { type Citation, type Evidence, limitsOfEvidence } from '@parley/contracts/debate';

/** One bracket of ids, such as [E1], [E1, Lancet] or 【E2】. */
const bracket = /[[【［]\s*([A-Za-z][A-Za-z0-9-]{0,15}(?:\s*[,;，、；]\s*[A-Za-z][A-Za-z0-9-]{0,15})*)\s*[\]】］]/g;
/** Words between any pair of quotation marks; straight ones have no direction. */
const quotation = /"([^"\n]+)"|“([^”\n]+)”|«([^»\n]+)»|「([^」\n]+)」|『([^』\n]+)』/g;
/** A bracket that looks like a citation although nobody gave that evidence; [sic] and the like do not. */
const looksGiven = /^E\d{1,3}$/i;
/** Farther from its citation than this, in UTF-16 units, a quotation belongs to nobody. */
const reach = 40;
/** Shorter quotations are names and words held at a distance. Two Han characters count as a word. */
const minWords = 4;

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly ids: readonly string[];
}

/**
 * The sources that a turn names, each once, in the order of first mention. Quoted words beside a citation are looked
 * for in that evidence after normalisation (compatibility forms, case, punctuation and spaces do not count; an
 * ellipsis may leave words out). Ids that were not given are kept and marked.
 */
export function citationsOf(text: string, evidence: readonly Evidence[]): Citation[] {
  const texts = new Map(evidence.map((piece) => [piece.id.toLowerCase(), { id: piece.id, text: bare(piece.text) }]));
  const marks = marksIn(text, (id) => texts.has(id.toLowerCase()) || looksGiven.test(id));
  const found = new Map<string, Citation>();
  for (const id of marks.flatMap((mark) => mark.ids)) {
    const known = texts.get(id.toLowerCase());
    if (!found.has(id.toLowerCase())) {
      found.set(id.toLowerCase(), { id: known?.id ?? id, isKnown: known !== undefined });
    }
  }
  for (const match of marks.length === 0 ? [] : text.matchAll(quotation)) {
    const words = match.slice(1).find((group) => group !== undefined) ?? '';
    const mark = lengthOf(words) < minWords ? undefined : besides(match.index, match.index + match[0].length, marks);
    if (mark === undefined) continue;
    const holders = mark.ids.filter((id) => stands(words, texts.get(id.toLowerCase())?.text));
    for (const id of holders.length > 0 ? holders : mark.ids) {
      const citation = found.get(id.toLowerCase());
      if (citation === undefined) continue;
      found.set(id.toLowerCase(), { ...citation, quoteFound: holders.length > 0 && citation.quoteFound !== false });
    }
  }
  return [...found.values()].slice(0, limitsOfEvidence.citations);
}

function marksIn(text: string, isCited: (id: string) => boolean): Mark[] {
  return [...text.matchAll(bracket)].flatMap((match) => {
    const ids = (match[1] ?? '').split(/\s*[,;，、；]\s*/).filter(isCited);
    return ids.length === 0 ? [] : [{ start: match.index, end: match.index + match[0].length, ids }];
  });
}

/** The citation that follows the quotation closely, else the one closely before it. */
function besides(start: number, end: number, marks: readonly Mark[]): Mark | undefined {
  const after = marks.find((mark) => mark.start >= end && mark.start - end <= reach);
  return after ?? marks.findLast((mark) => mark.end <= start && start - mark.end <= reach);
}

function stands(quoted: string, evidence: string | undefined): boolean {
  if (evidence === undefined) return false;
  let from = 0;
  for (const piece of quoted.split(/…+|\.{3,}/).map(bare)) {
    const at = evidence.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}

/** Letters and digits alone, in lower case. Source: Unicode 16, UAX 15 (NFKC). */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '');
}

function lengthOf(quoted: string): number {
  const spaceless = quoted.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu)?.length ?? 0;
  const others = quoted.replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu, ' ');
  return spaceless / 2 + (others.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu)?.length ?? 0);
}
