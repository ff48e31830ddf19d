import { defaultTenant, type Message } from '@parley/contracts';
import type { Response } from 'express';

/** A command as a message: whose it is and what caused it come from the request that is being answered. */
export function createEnvelope(response: Response, id: string, subject: string, type: string, data: unknown): Message {
  const { traceparent, tenant } = response.locals;
  const of = tenant === defaultTenant ? {} : { tenant };
  return { id, type, source: 'gateway', subject, time: new Date().toISOString(), data, ...of, traceparent };
}
