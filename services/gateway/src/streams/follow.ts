import type { StreamEvent } from './event-store.ts';
import type { Delta, Hub, Subscriber } from './hub.ts';

export interface FollowDeps {
  readonly hub: Hub;
  /** Committed events after `seq`, oldest first. */
  eventsAfter(stream: string, seq: number, limit: number): Promise<StreamEvent[]>;
  /** Types of events that no other event follows. */
  readonly last: readonly string[];
  /** Pause between two looks for events that another replica projected. */
  readonly pollMs: number;
  readonly heartbeatMs?: number;
  /** Longest time that a client may take nothing before it is let go. */
  readonly patienceMs?: number;
}

/** The way to one client. What sends says whether the client keeps up; when it does again, `resume` is called. */
export interface Line {
  event(event: StreamEvent): boolean;
  delta(delta: Delta): boolean;
  heartbeat(): boolean;
  /** Ends the connection after the last event. */
  end(): void;
  /** Drops a client that takes nothing. `last` is the number of the last event it was sent. */
  drop(last: number): void;
}

export interface Following {
  resume(): void;
  stop(): void;
}

const defaults = { heartbeatMs: 15_000, patienceMs: 30_000 } as const;
const pageSize = 200;

/**
 * Sends a stream's events: durable ones in order and without gaps, whatever the hub missed; deltas while the client
 * keeps up. Ends after the last event.
 */
export function follow(deps: FollowDeps, line: Line, stream: string, after: number): Following {
  let last = after;
  let isOpen = true;
  let isReading = false;
  let readAgain = false;
  let isBlocked = false;
  let patience: NodeJS.Timeout | undefined;
  /** Committed events are known to be missing: pieces of a later turn would come too early. */
  let isBehind = true;

  const sent = (isTaken: boolean): void => {
    if (isTaken || isBlocked || !isOpen) return;
    isBlocked = true;
    patience = setTimeout(() => {
      stop();
      line.drop(last);
    }, deps.patienceMs ?? defaults.patienceMs);
  };
  const send = (event: StreamEvent): void => {
    last = event.seq;
    sent(line.event(event));
    if (!deps.last.includes(event.type)) return;
    stop();
    line.end();
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
        const events = await deps.hub.readTogether(stream, last, () => deps.eventsAfter(stream, last, pageSize));
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

  const subscriber: Subscriber = {
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
    onPoll: () => void catchUp(),
    onDelta(delta) {
      if (!isBlocked && !isBehind) sent(line.delta(delta));
    },
  };
  const unsubscribe = deps.hub.subscribe(stream, subscriber, deps.pollMs);
  const heartbeat = setInterval(() => sent(line.heartbeat()), deps.heartbeatMs ?? defaults.heartbeatMs);

  function stop(): void {
    if (!isOpen) return;
    isOpen = false;
    unsubscribe();
    clearInterval(heartbeat);
    clearTimeout(patience);
  }
  void catchUp();
  return {
    resume() {
      isBlocked = false;
      clearTimeout(patience);
      if (readAgain && isOpen) void catchUp();
    },
    stop,
  };
}
