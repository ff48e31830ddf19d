import { defaultTenant, type Message } from '@parley/contracts';
import { callerOf } from '@parley/runtime';
import type { Response } from 'express';

/** A command as a message: whose it is and what caused it come from the request that is being answered. */
export function createEnvelope(response: Response, id: string, subject: string, type: string, data: unknown): Message {
  const { traceparent } = response.locals;
  const { tenant } = callerOf(response);
  const of = tenant === defaultTenant ? {} : { tenant };
  return { id, type, source: 'gateway', subject, time: new Date().toISOString(), data, ...of, traceparent };
}
