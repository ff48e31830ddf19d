/** A topic with the services that may write it. Everybody may read it; only its `readers` do. */
export interface Topic {
  readonly name: string;
  readonly owner: readonly string[];
  readonly readers: readonly string[];
  /** Groups that read it where they are switched on; the sampler is a part of the moderator. */
  readonly mayRead?: readonly string[];
  /** Parallelism of the readers. The key is the stream id, so a stream stays in one partition. */
  readonly partitions: number;
  readonly retentionHours: number;
  /** False: fire-and-forget, sent without outbox and never acknowledged to anybody. */
  readonly isDurable: boolean;
  readonly purpose: string;
  readonly messages?: readonly string[];
}

/** Topic of the messages that no amount of trying will get through. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
