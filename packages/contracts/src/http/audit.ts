import { z } from 'zod';
import { sequenceQuery } from './stream.ts';

export const auditEntry = z.object({
  seq: z.int().min(1).describe('1..n without gaps within the tenant.'),
  at: z.iso.datetime(),
  subject: z.string().describe('Who: `key:ID`, `jwt:SUB`, `cli:USER`, `anonymous`.'),
  action: z.string().describe('What, such as `key.create` or `debate.cancel`.'),
  target: z.string().describe('To what: an id, or the path that was asked for.'),
  outcome: z.string().describe('`ok`, or `refused`.'),
  detail: z.string(),
  hash: z.string().describe('Over the row before and this one.'),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditPage = z.object({
  entries: z.array(auditEntry),
  next: z.int().nullable().describe('`after` of the next page; null on the last one.'),
});
export const auditQuery = z.strictObject({
  after: sequenceQuery.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});
