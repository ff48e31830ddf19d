import { z } from 'zod';

/** Tenant of everything for which no other is named. */
export const defaultTenant = 'default';

/** A customer whose data no other customer sees. Source of the form: RFC 1123 §2.1 (host names). */
export const tenantSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'expected 1 to 63 of a-z, 0-9 and -, as in a host name');

/**
 * What crosses the bus: CloudEvents 1.0 attributes beside JSON data. `subject` is the stream's id and the
 * partition key; `sequence` is the event's number in that stream (CloudEvents extension "sequence").
 * Source: CloudEvents 1.0.2 §2 (context attributes).
 */
export const messageSchema = z.object({
  id: z.string().min(1).max(200).describe('Globally unique; arriving twice is one arrival.'),
  type: z.string().min(1).max(100).describe('Name and version of what happened, such as "debate-started.v1".'),
  source: z.string().min(1).max(100).describe('The service that wrote it.'),
  subject: z.string().min(1).max(200).describe('The stream it is about; the partition key.'),
  time: z.iso.datetime().describe("When it was decided, by the writer's database clock."),
  sequence: z.int().min(1).optional().describe('Number of the event in its stream, 1..n without gaps.'),
  tenant: tenantSchema.optional().describe('Whose stream it is (extension); "default" if absent.'),
  deadline: z.iso.datetime().optional().describe('After this moment an answer is of no use (extension).'),
  tokensleft: z.int().min(0).optional().describe("What is left of the debate's tokens (extension)."),
  reason: z.string().max(5_000).optional().describe('Of a dead letter: why it is one (extension).'),
  traceparent: z.string().max(100).optional().describe('W3C Trace Context §3.2.'),
  data: z.unknown(),
});
export type Message = z.infer<typeof messageSchema>;

/** CloudEvents' Kafka protocol binding 1.0.2 §3.2 (binary content mode): attributes as `ce_` headers, data as value. */
export interface KafkaForm {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export function toKafka(message: Message): KafkaForm {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: message.id,
    ce_type: message.type,
    ce_source: message.source,
    ce_subject: message.subject,
    ce_time: message.time,
    'content-type': 'application/json',
  };
  if (message.sequence !== undefined) headers.ce_sequence = String(message.sequence);
  if (message.tenant !== undefined) headers.ce_tenant = message.tenant;
  if (message.deadline !== undefined) headers.ce_deadline = message.deadline;
  if (message.tokensleft !== undefined) headers.ce_tokensleft = String(message.tokensleft);
  if (message.reason !== undefined) headers.ce_reason = message.reason;
  if (message.traceparent !== undefined) headers.traceparent = message.traceparent;
  return { key: message.subject, headers, value: JSON.stringify(message.data) };
}

export type FromKafka =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: string };

/** The reverse of `toKafka`. Never throws: bytes from a topic are somebody else's input. */
export function fromKafka(form: {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: string | null;
}): FromKafka {
  const { headers } = form;
  if (headers.ce_specversion !== '1.0') {
    return {
      ok: false,
      reason: `header ce_specversion is ${headers.ce_specversion ?? 'missing'}, expected 1.0`,
    };
  }
  if (form.value === null) return { ok: false, reason: 'value is null' };
  let data: unknown;
  try {
    data = JSON.parse(form.value);
  } catch (thrown) {
    return {
      ok: false,
      reason: `value is not JSON: ${(thrown as Error).message}`,
    };
  }
  const parsed = messageSchema.safeParse({
    id: headers.ce_id,
    type: headers.ce_type,
    source: headers.ce_source,
    subject: headers.ce_subject,
    time: headers.ce_time,
    ...(headers.ce_sequence === undefined ? {} : { sequence: Number(headers.ce_sequence) }),
    ...(headers.ce_tenant === undefined ? {} : { tenant: headers.ce_tenant }),
    ...(headers.ce_deadline === undefined ? {} : { deadline: headers.ce_deadline }),
    ...(headers.ce_tokensleft === undefined ? {} : { tokensleft: Number(headers.ce_tokensleft) }),
    ...(headers.ce_reason === undefined ? {} : { reason: headers.ce_reason }),
    ...(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }),
    data,
  });
  return parsed.success ? { ok: true, message: parsed.data } : { ok: false, reason: z.prettifyError(parsed.error) };
}
