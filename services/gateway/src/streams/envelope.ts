import { defaultTenant, type Message } from '@parley/contracts';
import type { RequestContext } from '../api/request-context.ts';

/** A command as a message, with the tenant and trace of the request that caused it. */
export function createEnvelope(
  { traceparent, tenant }: RequestContext,
  id: string,
  subject: string,
  type: string,
  data: unknown,
): Message {
  const of = tenant === defaultTenant ? {} : { tenant };
  return { id, type, source: 'gateway', subject, time: new Date().toISOString(), data, ...of, traceparent };
}
