import { jsonrepair } from 'jsonrepair';
import { withoutThoughts } from './thoughts.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Opening braces that are tried before a text is held to contain no object. */
const maxCandidates = 32;
/** Candidates that are repaired. */
const maxRepaired = 4;
/** Longest text that is repaired, in characters: the time for it may grow with the square of its length. */
const longestRepaired = 20_000;

/**
 * The first JSON object in a model's answer, whatever stands around it: thoughts, code fences, polite sentences.
 * Undefined when there is none; an unfinished object is none.
 */
export function firstJsonObject(text: string): JsonObject | undefined {
  return wholeObjects(text).next().value ?? undefined;
}

/** The objects in a model's answer that are JSON as they stand, each with those within it, in their order. */
export function* wholeObjects(text: string): Generator<JsonObject, undefined> {
  const answer = withoutThoughts(text);
  let from = answer.indexOf('{');
  for (let n = 0; from >= 0 && n < maxCandidates; n += 1) {
    const to = endOfObject(answer, from);
    const value = to < 0 ? undefined : parsed(answer.slice(from, to));
    if (value !== undefined) yield value;
    from = answer.indexOf('{', from + 1);
  }
}

/**
 * The objects in a model's answer once its syntax is mended: quotes of any kind or none, commas too many or missing,
 * comments, line breaks in strings, a brace missing at the end.
 */
export function* repairedObjects(text: string): Generator<JsonObject, undefined> {
  const answer = withoutThoughts(text);
  const end = answer.lastIndexOf('}') + 1;
  let from = answer.indexOf('{');
  for (let n = 0; from >= 0 && n < maxRepaired; n += 1) {
    const tails = end > from ? [answer.slice(from, end), answer.slice(from)] : [answer.slice(from)];
    for (const tail of tails) {
      const value = tail.length > longestRepaired ? undefined : mended(tail);
      if (value !== undefined) yield value;
    }
    from = answer.indexOf('{', from + 1);
  }
}

function mended(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(jsonrepair(text));
    // What follows an object makes a list of it.
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'object' && first !== null && !Array.isArray(first) ? (first as JsonObject) : undefined;
  } catch {
    // Beyond repair, or nested deeper than the stack is.
    return undefined;
  }
}

/** Index after the brace that closes the one at `from`, or -1. Braces within strings do not count. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let isString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (isString) {
      if (char === '\\') at += 1;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parsed(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    // Balanced but not JSON, such as {winner: X}: the next brace may open the real one.
    return undefined;
  }
}
