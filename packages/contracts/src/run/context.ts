import type { ServiceName } from '../services.ts';
import type { Topic } from '../topic.ts';
import { runKind } from './kinds.ts';

export * as messages from './messages.ts';

export const kinds = [runKind] as const;

export const topics = {
  runCommands: {
    name: 'parley.run.commands',
    owner: ['gateway'],
    readers: ['agent'],
    partitions: 12,
    retentionHours: 7 * 24,
    isDurable: true,
    purpose: 'What users ask of runs of agents: start, cancel, a message, an answer.',
    messages: ['start-run.v1', 'cancel-run.v1', 'add-message.v1', 'answer-question.v1'],
  },
  runEvents: {
    name: 'parley.run.events',
    owner: ['agent'],
    readers: ['gateway'],
    partitions: 12,
    retentionHours: 7 * 24,
    isDurable: true,
    purpose: 'The numbered facts of every run.',
    messages: [
      'run-started.v1',
      'thought.v1',
      'thought-rejected.v1',
      'call-started.v1',
      'call-succeeded.v1',
      'call-failed.v1',
      'call-refused.v1',
      'question-asked.v1',
      'question-answered.v1',
      'message-added.v1',
      'run-waiting.v1',
      'run-replied.v1',
      'run-failed.v1',
      'run-cancelled.v1',
      'stream-parked.v1',
      'stream-unparked.v1',
    ],
  },
} as const satisfies Record<string, Topic & Readonly<Record<'owner' | 'readers', readonly ServiceName[]>>>;
