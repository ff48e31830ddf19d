import { jsonrepair } from 'jsonrepair';
import { balanceOf } from './json-balance.ts';
import { type PlainObject, type ToolCallFault, toolBounds } from './tool.ts';

/** Longest text that is mended, in characters: the time for it may grow with the square of its length. */
const longestRepaired = 20_000;

export type ReadArguments =
  | { readonly ok: true; readonly value: PlainObject; readonly isRepaired: boolean }
  | { readonly ok: false; readonly fault: Extract<ToolCallFault, `ARGUMENTS_${string}`> };

/**
 * The arguments of a call as an object: as they came (Ollama), out of a text (OpenAI), or out of a text within a text.
 * A text that is no JSON is mended only when it is an object from its first brace to the one that closes it: mending
 * would close what was cut off, and make an object of prose. Nothing is ever taken for `{}` that does not say so, except
 * that a tool without required arguments may be called without any.
 * @param said anything.
 * @param isCut the answer ended at its limit.
 */
export function readArguments(said: unknown, parameters: PlainObject, isCut: boolean): ReadArguments {
  if (typeof said === 'string' && said.length > toolBounds.argumentBytes) {
    return { ok: false, fault: 'ARGUMENTS_TOO_LONG' };
  }
  if (said === undefined || said === null || (typeof said === 'string' && said.trim() === '')) {
    if (isCut) return { ok: false, fault: 'ARGUMENTS_CUT' };
    return needsArguments(parameters) ? { ok: false, fault: 'ARGUMENTS_MISSING' } : accepted({}, false);
  }
  if (typeof said !== 'string') return judged(said, false);
  const value = parsed(said);
  if (typeof value === 'string') return readArguments(parsed(value) ?? value, parameters, isCut);
  if (value !== undefined) {
    return value === null ? readArguments(null, parameters, isCut) : judged(value, false);
  }
  return mended(withoutFence(said), isCut);
}

function needsArguments({ required }: PlainObject): boolean {
  return Array.isArray(required) && required.length > 0;
}

function accepted(value: PlainObject, isRepaired: boolean): ReadArguments {
  return { ok: true, value, isRepaired };
}

function judged(value: unknown, isRepaired: boolean): ReadArguments {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, fault: 'ARGUMENTS_NOT_AN_OBJECT' };
  }
  if (isDeeper(value, toolBounds.depth)) return { ok: false, fault: 'ARGUMENTS_TOO_DEEP' };
  // Not before the depth is known: it would go as deep as the value does.
  if (Buffer.byteLength(JSON.stringify(value)) > toolBounds.argumentBytes) {
    return { ok: false, fault: 'ARGUMENTS_TOO_LONG' };
  }
  return accepted(value as PlainObject, isRepaired);
}

function mended(text: string, isCut: boolean): ReadArguments {
  const balance = balanceOf(text);
  if (isCut || balance === 'open') return { ok: false, fault: 'ARGUMENTS_CUT' };
  if (balance !== 'closed' || text.length > longestRepaired) return { ok: false, fault: 'ARGUMENTS_MALFORMED' };
  try {
    return judged(JSON.parse(jsonrepair(text)), true);
  } catch {
    // Beyond repair, or nested deeper than the stack is.
    return { ok: false, fault: 'ARGUMENTS_MALFORMED' };
  }
}

/** The text within a code fence, if it is one from its beginning to its end. */
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const inner = /^```[a-z]*\n([\s\S]*)\n```$/.exec(trimmed)?.[1];
  return (inner ?? trimmed).trim();
}

function isDeeper(value: object, most: number): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    level = level.filter((one) => typeof one === 'object' && one !== null);
  }
  return false;
}

/** Undefined when the text is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
