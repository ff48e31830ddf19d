import type { Message } from '@parley/contracts';
import type { Delivery, MessageBus, SubscribeOptions, Subscription } from '../src/index.ts';

let made = 0;

/** A message about `subject` whose data is its number; ids are unique in this process. */
export function messageOf(subject: string, number: number): Message {
  return {
    id: `m-${++made}`,
    type: 'noted.v1',
    source: 'test',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    sequence: number,
    data: { number },
  };
}

export function messagesOf(subject: string, from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => messageOf(subject, from + i));
}

/** What a group has taken over, in the order of the first time. Later deliveries of a message only count. */
export class Notes {
  readonly deliveries: Delivery[] = [];
  private readonly known = new Set<string>();
  private readonly bySubject = new Map<string, number[]>();

  take(batch: readonly Delivery[]): void {
    for (const delivery of batch) {
      const { id, subject, data } = delivery.message;
      this.deliveries.push(delivery);
      if (this.known.has(id)) continue;
      this.known.add(id);
      const numbers = this.bySubject.get(subject) ?? [];
      this.bySubject.set(subject, numbers);
      numbers.push((data as { number: number }).number);
    }
  }

  numbers(subject: string): readonly number[] {
    return this.bySubject.get(subject) ?? [];
  }

  get size(): number {
    return this.known.size;
  }
}

/** A member that notes what it gets. */
export function read(
  bus: MessageBus,
  topic: string,
  group: string,
  notes: Notes,
  options: Partial<SubscribeOptions> = {},
): Promise<Subscription> {
  return bus.subscribe({ topics: [topic], group, handler: async (batch) => notes.take(batch), ...options });
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
