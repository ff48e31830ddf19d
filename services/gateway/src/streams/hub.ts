import type { StreamEvent } from './event-store.ts';

/** A piece of work in progress that is no fact yet, such as a part of a turn's text; its form is its kind's. */
export type Delta = object;

/** A reader of one stream: told of its events after they are committed, and of deltas as they come. */
export interface Subscriber {
  onEvent(event: StreamEvent): void;
  /** Another replica has committed events of the stream, or may have. */
  onNews(): void;
  /** It is time to look whether something was missed. */
  onPoll(): void;
  onDelta(delta: Delta): void;
}

interface Subscribed {
  readonly subscribers: Set<Subscriber>;
  readonly polling: NodeJS.Timeout;
}

export function createHub() {
  const subscribed = new Map<string, Subscribed>();
  const asked = new Map<string, Promise<StreamEvent[]>>();
  const subscribersOf = (stream: string): Iterable<Subscriber> => subscribed.get(stream)?.subscribers ?? [];
  return {
    /**
     * All subscribers of a stream poll in the same moment, as often as the first of them asked for, so that they can
     * read together. @returns unsubscribes.
     */
    subscribe(stream: string, subscriber: Subscriber, pollMs: number): () => void {
      const known = subscribed.get(stream);
      const subscribers = known?.subscribers ?? new Set();
      if (known === undefined) {
        const poll = () => {
          for (const each of subscribers) each.onPoll();
        };
        subscribed.set(stream, { subscribers, polling: setInterval(poll, pollMs) });
      }
      subscribers.add(subscriber);
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        clearInterval(subscribed.get(stream)?.polling);
        subscribed.delete(stream);
      };
    },
    /**
     * Makes one reading serve all subscribers that ask for the same in one turn of the event loop, as they do after news
     * and polls. A later one reads anew: what a reading that has begun will see is not known.
     */
    readTogether(stream: string, after: number, read: () => Promise<StreamEvent[]>): Promise<StreamEvent[]> {
      const key = `${stream}/${after}`;
      const known = asked.get(key);
      if (known !== undefined) return known;
      const reading = Promise.resolve().then(() => {
        asked.delete(key);
        return read();
      });
      asked.set(key, reading);
      return reading;
    },
    publish(stream: string, event: StreamEvent): void {
      for (const subscriber of subscribersOf(stream)) subscriber.onEvent(event);
    },
    /** @param stream all of them if it is undefined */
    news(stream?: string): void {
      const streams = stream === undefined ? subscribed.keys() : [stream];
      for (const each of streams) for (const subscriber of subscribersOf(each)) subscriber.onNews();
    },
    delta(stream: string, delta: Delta): void {
      for (const subscriber of subscribersOf(stream)) subscriber.onDelta(delta);
    },
    count: () => [...subscribed.values()].reduce((sum, { subscribers }) => sum + subscribers.size, 0),
  };
}
export type Hub = ReturnType<typeof createHub>;
