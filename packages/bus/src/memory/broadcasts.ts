import type { Message } from '@parley/contracts';
import type { BusEvent } from '../message-bus.ts';

/** A listener with this many messages waiting is slow: the next ones are dropped. */
const maxWaiting = 1_000;
/** Messages per listener and turn of the event loop, so that a flood leaves room for everything else. */
const perTurn = 100;

interface Listener {
  readonly topic: string;
  readonly hear: (message: Message) => void;
  readonly waiting: Message[];
}

/** Fire-and-forget delivery: a short queue per listener, emptied outside the broadcaster's call. */
export class Broadcasts {
  private readonly onEvent: (event: BusEvent) => void;
  private readonly listeners = new Map<string, Set<Listener>>();
  private isStopped = false;
  private turn: NodeJS.Immediate | undefined;

  constructor(onEvent: (event: BusEvent) => void) {
    this.onEvent = onEvent;
  }

  send(topic: string, message: Message): void {
    const listeners = this.listeners.get(topic);
    if (this.isStopped || listeners === undefined || listeners.size === 0) {
      this.onEvent({ type: 'broadcast-dropped', topic, reason: this.isStopped ? 'stopped' : 'no-listener' });
      return;
    }
    for (const { waiting } of listeners) {
      if (waiting.length >= maxWaiting) this.onEvent({ type: 'broadcast-dropped', topic, reason: 'slow-listener' });
      else waiting.push(message);
    }
    this.turn ??= setImmediate(() => this.deliver());
  }

  listen(topic: string, hear: (message: Message) => void): () => void {
    const listeners = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, listeners);
    const listener: Listener = { topic, hear, waiting: [] };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      listener.waiting.length = 0;
    };
  }

  stop(): void {
    this.isStopped = true;
    this.listeners.clear();
    if (this.turn !== undefined) clearImmediate(this.turn);
  }

  private deliver(): void {
    this.turn = undefined;
    let isMore = false;
    for (const listeners of this.listeners.values()) {
      for (const listener of listeners) {
        for (const message of listener.waiting.splice(0, perTurn)) this.tell(listener, message);
        isMore ||= listener.waiting.length > 0;
      }
    }
    if (isMore && !this.isStopped) this.turn ??= setImmediate(() => this.deliver());
  }

  private tell({ topic, hear }: Listener, message: Message): void {
    try {
      hear(message);
    } catch (thrown) {
      this.onEvent({ type: 'listener-failed', topic, thrown });
    }
  }
}
