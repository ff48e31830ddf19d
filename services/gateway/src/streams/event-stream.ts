import type { Response } from 'express';
import { type FollowDeps, follow } from './follow.ts';
import { beginStream, heartbeat } from './text-stream.ts';

/**
 * A stream's events as server-sent events: durable ones with `id:` = sequence, deltas without.
 * Source: WHATWG HTML §9.2 (server-sent events).
 */
export function sendEvents(deps: FollowDeps, response: Response, stream: string, after: number): void {
  if (!beginStream(response)) return;
  const following = follow(
    deps,
    {
      event: (event) => response.write(bytesOf(event, `id: ${event.seq}\nevent: ${event.type}`)),
      delta: (delta) => response.write(bytesOf(delta, 'event: delta')),
      heartbeat: () => response.write(heartbeat),
      end: () => response.end(),
      drop: () => response.destroy(),
    },
    stream,
    after,
  );
  response.on('drain', following.resume);
  response.on('close', following.stop);
  response.on('error', following.stop);
}

/** All subscribers of a stream are sent the same object: it is made text and bytes once for all of them. */
const made = new WeakMap<object, Buffer>();

function bytesOf(message: object, head: string): Buffer {
  const known = made.get(message);
  if (known !== undefined) return known;
  const bytes = Buffer.from(`${head}\ndata: ${JSON.stringify(message)}\n\n`);
  made.set(message, bytes);
  return bytes;
}
