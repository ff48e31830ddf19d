import type { ParleyError } from '@parley/contracts';
import { HttpStatus } from './wire-error.ts';

/** A field of a request that a server may refuse. Model, messages and stream are none: without them nothing is asked. */
export interface Refusable {
  readonly name: string;
  /** Finds the field in the words of a refusal. */
  readonly words: RegExp;
  /** Forms it can take after its first, the last of which is to leave it out. */
  readonly others: number;
}

/** Which form of each field a server takes from a model; a field that is not there has its first form, 0. */
export type Forms = Readonly<Record<string, number>>;

/** Requests that may be made again in one call because a field was refused. */
export const mostRepairs = 8;

/** A window that is too small is no refused field, although servers name fields in that sentence. */
const isAboutLength = /context.{0,20}(?:length|window|size)|too long|too many tokens|maximum.{0,20}context/i;

/**
 * The forms to ask with again after a refusal, or undefined when the refusal names no field that was sent. The field
 * that the server puts into `param` counts, else the one that is named first.
 * @param sent the names of the fields that the request had.
 */
export function repaired(
  error: ParleyError,
  fields: readonly Refusable[],
  forms: Forms,
  sent: ReadonlySet<string>,
): { readonly forms: Forms; readonly field: string } | undefined {
  if (!(error.cause instanceof HttpStatus)) return undefined;
  const { status, head } = error.cause;
  const isGrammar = status >= 500 && /grammar|response_format|json_schema/i.test(head);
  if ((status !== 400 && status !== 422 && status !== 501 && !isGrammar) || isAboutLength.test(head)) return undefined;
  const param = /"param"\s*:\s*"([^"]{1,100})"/.exec(head)?.[1];
  const candidates = fields.filter(({ name, others }) => sent.has(name) && (forms[name] ?? 0) < others);
  const named =
    (param === undefined ? undefined : candidates.find(({ words }) => words.test(param))) ??
    firstNamed(candidates, head);
  if (named === undefined) return undefined;
  return { field: named.name, forms: { ...forms, [named.name]: (forms[named.name] ?? 0) + 1 } };
}

function firstNamed(candidates: readonly Refusable[], head: string): Refusable | undefined {
  let first: Refusable | undefined;
  let at = head.length;
  for (const field of candidates) {
    const found = head.search(field.words);
    if (found >= 0 && found < at) {
      at = found;
      first = field;
    }
  }
  return first;
}
