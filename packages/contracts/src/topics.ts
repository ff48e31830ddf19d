import type { MessageType } from './message-types.ts';
import { type ServiceName, serviceNames } from './services.ts';

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
  readonly messages?: readonly MessageType[];
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
    messages: [
      'start-debate.v1',
      'cancel-debate.v1',
      'pause-debate.v1',
      'resume-debate.v1',
      'add-note.v1',
      'interject.v1',
      'replay-debate.v1',
    ],
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
    messages: [
      'debate-started.v1',
      'turn-recorded.v1',
      'turn-received.v1',
      'turn-rejected.v1',
      'debate-paused.v1',
      'debate-resumed.v1',
      'note-added.v1',
      'model-waiting.v1',
      'debate-stopped.v1',
      'judge-polled.v1',
      'judging-failed.v1',
      'verdict-given.v1',
      'debate-closed.v1',
      'accuracy-checked.v1',
      'replay-started.v1',
      'replay-waiting.v1',
      'replay-finished.v1',
      'replay-failed.v1',
      'stream-parked.v1',
      'stream-unparked.v1',
    ],
  },
  debaterEvents: {
    name: 'parley.debater.events',
    owner: ['debater-a', 'debater-b'],
    readers: ['moderator', 'gateway'],
    partitions: 12,
    retentionHours: 7 * day,
    isDurable: true,
    purpose: 'What a debater answered when it had the floor, or why it could not.',
    messages: ['turn-replied.v1', 'turn-failed.v1', 'model-waiting.v1', 'stream-parked.v1', 'stream-unparked.v1'],
  },
  deltas: {
    name: 'parley.deltas',
    owner: ['debater-a', 'debater-b'],
    readers: ['gateway'],
    partitions: 12,
    retentionHours: 1,
    isDurable: false,
    purpose: 'Pieces of text while a model writes them. Lost ones are no loss: the whole turn follows as a fact.',
    messages: ['delta.v1'],
  },
  streamCommands: {
    name: 'parley.stream.commands',
    owner: ['gateway'],
    readers: serviceNames.filter((service) => service !== 'gateway'),
    partitions: 1,
    retentionHours: 7 * day,
    isDurable: true,
    purpose: 'What operators ask of single streams, whichever service has them.',
    messages: ['unpark-stream.v1'],
  },
  status: {
    name: 'parley.status',
    owner: serviceNames,
    readers: ['gateway'],
    partitions: 1,
    retentionHours: 1,
    isDurable: false,
    purpose: 'How every process does, told now and then. Lost ones are no loss: the next one follows.',
    messages: ['service-status.v1'],
  },
} as const satisfies Record<string, Topic & Readonly<Record<'owner' | 'readers', readonly ServiceName[]>>>;

export type TopicName = (typeof topics)[keyof typeof topics]['name'];

/** Topic of the messages that no amount of trying will get through. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}
