/** A turn cut shorter than this says nothing: it is better not asked for. */
export const fewestUsefulTokens = 64;

/** Tokens that a model call may take, or those that a useful call would need. */
export type Reservation =
  | { readonly ok: true; readonly maxTokens: number }
  | { readonly ok: false; readonly neededTokens: number };

/**
 * Sets tokens aside for one model call before it is made: its prompt and its longest answer. Where the whole answer is
 * not paid for it becomes shorter; `tokensLeft` undefined is no budget at all. What the call really took is settled
 * with the fact of the turn.
 */
export function reserve(promptTokens: number, maxTokens: number, tokensLeft: number | undefined): Reservation {
  if (tokensLeft === undefined) return { ok: true, maxTokens };
  const affordable = Math.min(maxTokens, tokensLeft - promptTokens);
  const fewest = Math.min(fewestUsefulTokens, maxTokens);
  return affordable >= fewest
    ? { ok: true, maxTokens: affordable }
    : { ok: false, neededTokens: promptTokens + fewest };
}
