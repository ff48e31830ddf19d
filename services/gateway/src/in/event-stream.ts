import type { Response } from 'express';
import { type FollowDeps, follow } from './follow.ts';
import { beginStream, heartbeat } from './text-stream.ts';

/**
 * A debate's events as server-sent events: durable ones with `id:` = sequence, deltas without.
 * Source: WHATWG HTML §9.2 (server-sent events).
 */
export function sendEvents(deps: FollowDeps, response: Response, debate: string, after: number): void {
  if (!beginStream(response)) return;
  const following = follow(
    deps,
    {
      event: (event) => response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
      delta: (delta) => response.write(`event: delta\ndata: ${JSON.stringify(delta)}\n\n`),
      heartbeat: () => response.write(heartbeat),
      end: () => response.end(),
      drop: () => response.destroy(),
    },
    debate,
    after,
  );
  response.on('drain', following.resume);
  response.on('close', following.stop);
  response.on('error', following.stop);
}
