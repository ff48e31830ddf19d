/** Who may write a topic. Everybody may read; only these services do (`readers`). */
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
}

const day = 24;

/** Every topic there is: brokers, charts and documents are made from or checked against this table. */
export const topics = {
  debateCommands: {
    name: 'parley.debate.commands',
    owner: ['gateway'],
    readers: ['moderator'],
    partitions: 12,
    retentionHours: 7 * day,
    isDurable: true,
    purpose: 'What users ask of debates: start, cancel, pause, resume, a note, replay.',
  },
  debateEvents: {
    name: 'parley.debate.events',
    owner: ['moderator'],
    readers: ['debater-a', 'debater-b', 'gateway'],
    mayRead: ['sampler'],
    partitions: 12,
    retentionHours: 7 * day,
    isDurable: true,
    purpose: 'The numbered facts of every debate; a fact that carries `next` gives that side the floor.',
  },
  debaterEvents: {
    name: 'parley.debater.events',
    owner: ['debater-a', 'debater-b'],
    readers: ['moderator', 'gateway'],
    partitions: 12,
    retentionHours: 7 * day,
    isDurable: true,
    purpose: 'What a debater answered when it had the floor, or why it could not.',
  },
  deltas: {
    name: 'parley.deltas',
    owner: ['debater-a', 'debater-b'],
    readers: ['gateway'],
    partitions: 12,
    retentionHours: 1,
    isDurable: false,
    purpose: 'Pieces of text while a model writes them. Lost ones are no loss: the whole turn follows as a fact.',
  },
} as const satisfies Record<string, Topic>;

export type TopicName = (typeof topics)[keyof typeof topics]['name'];

/** Where messages go that no amount of trying will get through. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
