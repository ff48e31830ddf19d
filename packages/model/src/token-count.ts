/** What a chat template, a hidden system prompt or hidden thoughts may add to what is seen, in tokens. */
const unseenTokens = 100_000;

/**
 * A server's count of tokens, if it can be one: a whole number, not negative, not more than the bytes of the text could
 * make, and not 0 where there is text. Undefined otherwise, as if the server had not counted.
 * @param characters of the text that was counted, as far as it is seen.
 */
export function believableCount(said: unknown, characters: number): number | undefined {
  if (typeof said !== 'number' || !Number.isInteger(said) || said < 0) return undefined;
  if (said === 0 && characters > 0) return undefined;
  // A character has at most 4 bytes in UTF-8, and a token at least one.
  return said <= characters * 4 + unseenTokens ? said : undefined;
}
