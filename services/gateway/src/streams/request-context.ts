import { callerOf, parse } from '@parley/runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Answer } from './idempotency-store.ts';

/** Who asks for something, and by what, whatever protocol it came in by. */
export interface RequestContext {
  readonly tenant: string;
  /** Who it is within the tenant, for the audit log. */
  readonly subject: string;
  readonly traceparent: string;
  /** Idempotency key of the request: a second request with the same key gets the first one's answer. */
  readonly idempotencyKey?: string | undefined;
}

const keyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces'),
});

/** The same header on another route is another key. */
export function requestContextOf(request: Request, response: Response): RequestContext {
  const { traceparent } = response.locals;
  const { tenant, subject } = callerOf(response);
  const header = request.get('Idempotency-Key');
  if (header === undefined) return { tenant, subject, traceparent };
  const { 'Idempotency-Key': key } = parse(keyHeader, { 'Idempotency-Key': header }, 'header');
  return { tenant, subject, traceparent, idempotencyKey: `${request.method} ${request.baseUrl}${request.path} ${key}` };
}

/** @param within the path under which the answer's `id` is found */
export function reply(response: Response, answer: Answer, within = '/v1/debates'): void {
  const { id } = answer.response as { id: string };
  response.status(answer.status).set('Location', `${within}/${id}`).json(answer.response);
}
