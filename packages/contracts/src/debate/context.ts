import type { ServiceName } from '../services.ts';
import type { Topic } from '../topic.ts';
import { debateKind, replayKind } from './kinds.ts';

export * as messages from './messages.ts';

export const kinds = [debateKind, replayKind] as const;

export const topics = {
  debateCommands: {
    name: 'parley.debate.commands',
    owner: ['gateway'],
    readers: ['moderator'],
    partitions: 12,
    retentionHours: 7 * 24,
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
    retentionHours: 7 * 24,
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
    retentionHours: 7 * 24,
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
} as const satisfies Record<string, Topic & Readonly<Record<'owner' | 'readers', readonly ServiceName[]>>>;
