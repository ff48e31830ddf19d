import type { Balancer } from './balancer.ts';

export interface Watched {
  /** Numbers of the events as they came, over all connections. */
  readonly sequences: readonly number[];
  readonly connections: number;
}

/** A gateway that stands still keeps its connections: after so long without a byte another one is asked. */
const silenceMs = 4_000;
const retryMs = 200;

/**
 * Follows a debate to its end as a browser does, with Last-Event-ID after every break. It hangs up by itself after
 * `hangUpAfter` events each time, and goes on at the other gateway.
 */
export async function watch(
  balancer: Balancer,
  debate: string,
  hangUpAfter: number,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): Promise<Watched> {
  const sequences: number[] = [];
  let connections = 0;
  let url = balancer.next();
  while (!signal.aborted) {
    connections += 1;
    try {
      const isOver = await follow(`${url}/v1/debates/${debate}/events`, sequences, hangUpAfter, signal, headers);
      if (isOver) return { sequences, connections };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    url = balancer.other(url);
  }
  return { sequences, connections };
}

/** True when the debate is over. */
async function follow(
  url: string,
  sequences: number[],
  hangUpAfter: number,
  signal: AbortSignal,
  identity: Readonly<Record<string, string>>,
): Promise<boolean> {
  const leaving = new AbortController();
  const both = AbortSignal.any([leaving.signal, signal]);
  let silence = setTimeout(() => leaving.abort(), silenceMs);
  try {
    const last = sequences.at(-1);
    const headers = { ...identity, ...(last !== undefined && { 'last-event-id': String(last) }) };
    const response = await fetch(url, { headers, signal: both });
    if (response.status === 204) return true;
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const decoder = new TextDecoder();
    let text = '';
    let heard = 0;
    for await (const chunk of response.body ?? []) {
      clearTimeout(silence);
      silence = setTimeout(() => leaving.abort(), silenceMs);
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1];
        if (id === undefined) continue;
        sequences.push(Number(id));
        if (/^event: debate-closed/m.test(block)) return true;
        if (++heard >= hangUpAfter) return false;
      }
    }
    return false;
  } finally {
    clearTimeout(silence);
    leaving.abort();
  }
}
