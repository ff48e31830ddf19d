import { readHead } from '@parley/contracts/bounded-body.ts';
import { messageOf, ParleyError } from '@parley/contracts/error.ts';

const timeoutMs = 3_000;

/** What a gateway says of itself at /readyz. */
export interface GatewayHealth {
  readonly isReady: boolean;
  /** Parts that it needs, and the state of each. */
  readonly parts: readonly { readonly name: string; readonly isReady: boolean; readonly detail: string }[];
  /** Lead of its clock over this one, in milliseconds, exact to a second; undefined where it names no time. */
  readonly aheadMs: number | undefined;
}

/** @throws ParleyError GATEWAY_UNREACHABLE: nothing answers there, or something that is no Parley */
export async function askHealth(url: string): Promise<GatewayHealth> {
  const askedAt = Date.now();
  const response = await fetch(new URL('/readyz?verbose', url), { signal: AbortSignal.timeout(timeoutMs) }).catch(
    (thrown) => {
      const why = thrown instanceof Error ? messageOf(thrown.cause ?? thrown) : messageOf(thrown);
      throw new ParleyError('GATEWAY_UNREACHABLE', `Nothing answers at ${url} (${why}).`, { retryable: true });
    },
  );
  const parts = (await readHead(response.body, { bytes: 64_000, ms: timeoutMs })).split('\n').flatMap((line) => {
    // Such as "[+] database: takes writes".
    const [, mark, name = '', detail = ''] = /^\[([+!-])\] ([^:]+): (.*)$/.exec(line) ?? [];
    return mark === undefined ? [] : [{ name, isReady: mark !== '-', detail }];
  });
  if (parts.length === 0) {
    const sentence = `What answers at ${url} is no Parley: /readyz gives ${response.status}.`;
    throw new ParleyError('GATEWAY_UNREACHABLE', sentence);
  }
  const theirs = Date.parse(response.headers.get('date') ?? '');
  const middle = (askedAt + Date.now()) / 2;
  return { isReady: response.ok, parts, aheadMs: Number.isNaN(theirs) ? undefined : Math.round(theirs - middle) };
}
