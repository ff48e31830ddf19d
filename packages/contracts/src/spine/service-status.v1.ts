import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

const count = z.int().min(0);
const seconds = z.number().min(0).nullable();

/** What waits in a service's tables: the same for all its replicas. Counts stop at 10,000; null where nothing waits. */
export const backlogSchema = z.object({
  inputs: count.describe('Inputs that lie in the inbox undecided.'),
  oldestInputSeconds: seconds,
  effects: count.describe('Effects that are due and that no worker has.'),
  oldestEffectSeconds: seconds,
  outbox: count.describe('Rows of the outbox; each holds the messages of one commit for one topic.'),
  oldestOutboxSeconds: seconds,
  parkedStreams: count.describe('Streams that are set aside.'),
});

/** Status of one process of a service, broadcast now and then. A lost one is no loss: the next follows. */
export const serviceStatusV1 = defineMessage(
  'service-status.v1',
  z.object({
    service: z.string().min(1).max(100),
    replica: z.string().min(1).max(150).describe('Which process it is: host and process id.'),
    version: z.string().max(100).describe('Of the build.'),
    startedAt: z.iso.datetime(),
    isLeaving: z.boolean().describe('The last one of this process: it was told to go.'),
    models: z.array(z.string().max(200)).max(20).describe('Models that it asks, in order of preference.'),
    leases: count.describe('Effects that this process executes.'),
    leasesLost: count.describe('Leases that ended under this process since it began.'),
    deadLetters: count.describe('Messages that this process could not read since it began.'),
    heartbeatAgeSeconds: seconds.describe(
      "Since its consumer's last heartbeat; null where there is no group to be in.",
    ),
    backlog: backlogSchema.nullable().describe('Null when the database did not say.'),
  }),
);
export type ServiceStatusV1 = z.infer<typeof serviceStatusV1.data>;
