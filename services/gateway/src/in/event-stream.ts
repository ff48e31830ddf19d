import type { Response } from 'express';
import type { DebateEvent } from '../store/events.ts';
import type { Hub } from './hub.ts';

export interface EventStreamDeps {
  readonly hub: Hub;
  /** Committed events after `seq`, oldest first. */
  eventsAfter(debate: string, seq: number, limit: number): Promise<DebateEvent[]>;
  /** How often to look for events that another replica projected. */
  readonly pollMs: number;
  readonly heartbeatMs?: number;
}

const defaultHeartbeatMs = 15_000;
const pageSize = 200;
const lastType = 'debate-closed.v1';

/**
 * Sends a debate's events as server-sent events: durable ones with `id:` = sequence, in order and without gaps,
 * whatever the hub missed; deltas without id while the client keeps up. Ends after the last event.
 * Source: WHATWG HTML §9.2 (server-sent events).
 */
export function sendEvents(deps: EventStreamDeps, response: Response, debate: string, after: number): void {
  // Who left while the request was looked at will not be heard leaving again.
  if (response.destroyed) return;
  let last = after;
  let isOpen = true;
  let isReading = false;
  let readAgain = false;
  let isBlocked = false;
  /** Committed events are known to be missing: pieces of a later turn would come too early. */
  let isBehind = true;

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

  const write = (text: string): void => {
    if (!response.write(text)) isBlocked = true;
  };
  const send = (event: DebateEvent): void => {
    last = event.seq;
    write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (event.type === lastType) end();
  };

  /** Brings the client up to what is committed; one reading at a time, in step with what the client takes. */
  async function catchUp(): Promise<void> {
    if (isReading || isBlocked) {
      readAgain = true;
      return;
    }
    isReading = true;
    try {
      do {
        readAgain = false;
        const events = await deps.eventsAfter(debate, last, pageSize);
        for (const event of events) if (isOpen) send(event);
        if (events.length === pageSize) readAgain = true;
      } while (isOpen && readAgain && !isBlocked);
      isBehind = readAgain;
    } catch {
      // The database is away: the next event, poll or reconnect reads again.
      readAgain = false;
    } finally {
      isReading = false;
    }
  }

  const unwatch = deps.hub.watch(debate, {
    onEvent(event) {
      if (event.seq <= last) return;
      if (!isReading && !isBlocked && event.seq === last + 1) {
        send(event);
        return;
      }
      isBehind = true;
      void catchUp();
    },
    onNews() {
      isBehind = true;
      void catchUp();
    },
    onDelta(delta) {
      if (!isBlocked && !isBehind) write(`event: delta\ndata: ${JSON.stringify(delta)}\n\n`);
    },
  });
  const heartbeat = setInterval(() => write(': heartbeat\n\n'), deps.heartbeatMs ?? defaultHeartbeatMs);
  const poll = setInterval(() => void catchUp(), deps.pollMs);

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    unwatch();
    clearInterval(heartbeat);
    clearInterval(poll);
    response.end();
  }
  response.on('drain', () => {
    isBlocked = false;
    if (readAgain) void catchUp();
  });
  response.on('close', end);
  response.on('error', end);
  void catchUp();
}
