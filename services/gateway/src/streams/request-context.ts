import { callerOf, parse } from '@parley/runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Reply } from '../api/route.ts';
import type { Answer } from './idempotency-store.ts';

/** Caller, trace and idempotency key of a request, the same for every protocol. */
export interface RequestContext {
  readonly tenant: string;
  /** Name of the caller within the tenant, for the audit log. */
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

/** The answer of a command. @param within the path under which its `id` is found; without it, no place is named */
export function replyOf({ status, response: body }: Answer, within?: string): Reply {
  const { id } = body as { id: string };
  return { status, body, ...(within === undefined ? {} : { headers: { Location: `${within}/${id}` } }) };
}
