import { once } from 'node:events';
import type { Response } from 'express';

export const defaultHeartbeatMs = 15_000;
/** A comment: no client takes it for an event. */
export const heartbeat = ': heartbeat\n\n';

/** Begins an answer of server-sent events. @returns whether anybody reads it */
export function beginStream(response: Response): boolean {
  // Who left while the request was looked at will not be heard leaving again.
  if (response.destroyed) return false;
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  if (response.req.method !== 'HEAD') return true;
  response.end();
  return false;
}

/** An answer of server-sent events that are made elsewhere, as fast as the client takes them. */
export async function sendTexts(
  response: Response,
  texts: AsyncIterable<string>,
  heartbeatMs = defaultHeartbeatMs,
): Promise<void> {
  if (!beginStream(response)) return;
  const left = leavingOf(response);
  const beat = setInterval(() => response.write(heartbeat), heartbeatMs);
  try {
    for await (const text of texts) {
      if (left.aborted) return;
      if (!response.write(text)) await once(response, 'drain', { signal: left }).catch(() => {});
    }
  } finally {
    clearInterval(beat);
  }
  response.end();
}

/** Signal that aborts when the client goes, or has the whole answer. */
export function leavingOf(response: Response): AbortSignal {
  const leaving = new AbortController();
  if (response.destroyed) leaving.abort();
  else response.once('close', () => leaving.abort());
  return leaving.signal;
}
