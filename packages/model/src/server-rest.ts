import { ParleyError } from '@parley/contracts';

/** Longest time for which a server's wish for a rest is kept; then it is asked whether it still means it. */
const longestRestMs = 60 * 60_000;

/** Remembers when a model's server wants to be asked again, for every call of that model. @param now in milliseconds. */
export function createServerRest(model: string, now: () => number) {
  let restUntil = Number.NEGATIVE_INFINITY;
  return {
    /** Takes the wish out of a refusal, if there is one. Source: RFC 9110, section 10.2.3 (Retry-After). */
    heed({ code, retryAfterMs = 0 }: ParleyError): void {
      if (code === 'MODEL_OVERLOADED') restUntil = Math.max(restUntil, now() + Math.min(retryAfterMs, longestRestMs));
    },
    /** Throws MODEL_OVERLOADED until that moment. */
    check(): void {
      const leftMs = restUntil - now();
      if (leftMs <= 0) return;
      const message = `The server of model "${model}" asked for a rest of ${Math.ceil(leftMs / 1_000)} s more.`;
      throw new ParleyError('MODEL_OVERLOADED', message, { retryable: true, retryAfterMs: leftMs });
    },
  };
}
