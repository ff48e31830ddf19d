import { z } from 'zod';
import { backlogSchema, serviceStatusV1 } from '../spine/service-status.v1.ts';

export const replicaStatuses = ['ok', 'silent'] as const;
export const replicaView = serviceStatusV1.data.omit({ service: true, isLeaving: true, backlog: true }).extend({
  status: z.enum(replicaStatuses).describe('"silent": three reports in a row did not come, and it said no goodbye.'),
  ageSeconds: z.number().min(0).describe('Since its last report came.'),
});
export type ReplicaView = z.infer<typeof replicaView>;

export const serviceStatuses = ['ok', 'silent', 'unheard'] as const;
export const serviceView = z.object({
  service: z.string(),
  status: z
    .enum(serviceStatuses)
    .describe(
      '"ok": some replica reports; "silent": none does any more; "unheard": none has, since this gateway listens.',
    ),
  backlog: backlogSchema.nullable().describe('As the youngest report has it; null when none does.'),
  deadLetters: z.int().min(0).describe('Kept ones of all tenants that were not sent again.'),
  replicas: z.array(replicaView),
});
export type ServiceView = z.infer<typeof serviceView>;

export const systemView = z.object({
  listeningSince: z.iso.datetime().describe('Since when this gateway hears reports: what it says is from memory.'),
  everySeconds: z.int().min(1).describe('How often a process reports.'),
  services: z.array(serviceView),
});
export type SystemView = z.infer<typeof systemView>;
