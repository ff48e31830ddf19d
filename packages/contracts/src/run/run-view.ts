import { z } from 'zod';
import { usageSchema } from '../usage.ts';
import { questionAskedV1 } from './question-asked.v1.ts';

export const runStatuses = ['accepted', 'working', 'asking', 'replied', 'cancelled', 'failed', 'parked'] as const;

export const runView = z.object({
  id: z.uuid(),
  agent: z.string(),
  status: z.enum(runStatuses),
  input: z.string().describe('What was asked, at most 200 characters of it.'),
  answer: z.string().nullable().describe('Null before it.'),
  reason: z.string().nullable().describe('Why it failed, or what it waits for.'),
  questions: z.array(questionAskedV1.data).describe('Those that wait for a person.'),
  usage: usageSchema,
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
});
export type RunView = z.infer<typeof runView>;

export const agentView = z.object({
  name: z.string(),
  version: z.int(),
  title: z.string(),
  description: z.string(),
  tools: z.array(
    z.object({ name: z.string(), description: z.string(), effect: z.string(), needsApproval: z.boolean() }),
  ),
});
export type AgentView = z.infer<typeof agentView>;
export const agentPage = z.object({ agents: z.array(agentView) });
