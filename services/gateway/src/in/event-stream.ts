import type { Response } from 'express';
import { type FollowDeps, follow } from './follow.ts';

/**
 * A debate's events as server-sent events: durable ones with `id:` = sequence, deltas without.
 * Source: WHATWG HTML §9.2 (server-sent events).
 */
export function sendEvents(deps: FollowDeps, response: Response, debate: string, after: number): void {
  // Who left while the request was looked at will not be heard leaving again.
  if (response.destroyed) return;
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  const following = follow(
    deps,
    {
      event: (event) => response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
      delta: (delta) => response.write(`event: delta\ndata: ${JSON.stringify(delta)}\n\n`),
      heartbeat: () => response.write(': heartbeat\n\n'),
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
