/** No server's wish to be left alone is kept for longer. */
const longestMs = 86_400_000;

/**
 * Time for which a server asks to be left alone, in milliseconds and at most a day: `retry-after-ms`, `Retry-After` as
 * seconds or as a date (RFC 9110, section 10.2.3), else until the limit that is used up begins again
 * (`x-ratelimit-reset…`, as OpenAI, OpenRouter and others write it).
 * @param now milliseconds since 1970.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const ms = numberIn(headers.get('retry-after-ms'));
  if (ms !== undefined) return bounded(ms);
  const header = headers.get('retry-after');
  if (header !== null) {
    const seconds = numberIn(header);
    if (seconds !== undefined) return bounded(seconds * 1_000);
    const at = Date.parse(header);
    if (!Number.isNaN(at)) return bounded(at - now);
  }
  return resetIn(headers, now);
}

/** Whether a server names a time after which to ask again. */
export function hasRetryAfter(headers: Headers): boolean {
  return headers.has('retry-after') || headers.has('retry-after-ms');
}

function resetIn(headers: Headers, now: number): number | undefined {
  for (const kind of ['-requests', '-tokens', '']) {
    if (numberIn(headers.get(`x-ratelimit-remaining${kind}`)) !== 0) continue;
    const reset = headers.get(`x-ratelimit-reset${kind}`) ?? '';
    const ms = numberIn(reset) === undefined ? durationIn(reset) : instantOrSeconds(Number(reset), now);
    if (ms !== undefined) return bounded(ms);
  }
  return undefined;
}

/** Seconds from now, or an instant as seconds or milliseconds since 1970. */
function instantOrSeconds(value: number, now: number): number {
  if (value > 1e11) return value - now;
  return value > 1e8 ? value * 1_000 - now : value * 1_000;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a duration such as `1s`, `6m0s`, `20ms`. */
function durationIn(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, value, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    ms += Number(value) * (units[unit ?? ''] ?? 0);
  return ms;
}

function numberIn(header: string | null): number | undefined {
  return header !== null && /^\s*\d{1,15}(?:\.\d+)?\s*$/.test(header) ? Number(header) : undefined;
}

const bounded = (ms: number): number => Math.round(Math.min(Math.max(ms, 0), longestMs));
