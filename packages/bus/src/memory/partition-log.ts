import type { Message } from '@parley/contracts';
import type { Delivery } from '../message-bus.ts';

/** One `publish` in waiting: resolved when `open` acknowledgements, one per group and partition, have come. */
export interface Ticket {
  open: number;
  resolve(): void;
  reject(): void;
}

/** A group's place in a partition, as far as the partition's log knows it. */
export interface Place {
  /** Everything below is acknowledged. */
  readonly committed: number;
  /** Settles the ticket's share when everything published so far is acknowledged here. */
  await(ticket: Ticket): void;
  /** Starts reading if there is something to read. */
  offer(): void;
}

/** One partition's messages, oldest first, from offset `start` up to but not including `end`. */
export class PartitionLog {
  /** The place of every group that knows this partition. */
  readonly cursors: Place[] = [];
  readonly topic: string;
  readonly partition: number;
  private readonly retained: number;
  private readonly slack: number;
  private readonly entries: Delivery[] = [];
  private first = 0;

  constructor(topic: string, partition: number, retained: number) {
    this.topic = topic;
    this.partition = partition;
    this.retained = retained;
    this.slack = Math.max(64, retained >> 2);
  }

  get start(): number {
    return this.first;
  }

  get end(): number {
    return this.first + this.entries.length;
  }

  append(message: Message): void {
    this.entries.push({ message, topic: this.topic, partition: this.partition, offset: String(this.end) });
  }

  /** Returns at most `limit` messages from `offset` on. */
  read(offset: number, limit: number): readonly Delivery[] {
    const from = offset - this.first;
    return this.entries.slice(from, from + limit);
  }

  /** Forgets what every group has passed and retention does not keep; in gulps, because a gulp moves the whole array. */
  trim(): void {
    let keepFrom = this.end - this.retained;
    if (keepFrom - this.first < this.slack) return;
    for (const cursor of this.cursors) keepFrom = Math.min(keepFrom, cursor.committed);
    if (keepFrom - this.first < this.slack) return;
    this.entries.splice(0, keepFrom - this.first);
    this.first = keepFrom;
  }
}

/** FNV-1a over the UTF-16 units. Source: Fowler, Noll, Vo 1991, with the 32-bit offset basis and prime. */
export function partitionOf(subject: string, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < subject.length; i++) hash = Math.imul(hash ^ subject.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}
