import { type ServiceName, serviceNames } from '../services.ts';
import type { Topic } from '../topic.ts';

export * as messages from './messages.ts';

export const topics = {
  streamCommands: {
    name: 'parley.stream.commands',
    owner: ['gateway'],
    readers: serviceNames.filter((service) => service !== 'gateway'),
    partitions: 1,
    retentionHours: 7 * 24,
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
