import type { Caller } from '@parley/contracts/http';
import { callerOf, parse } from '@parley/runtime';
import type { Request, Response } from 'express';
import { z } from 'zod';

/** Caller, trace and idempotency key of a request, the same for every protocol. */
export interface RequestContext extends Caller {
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

/** Caller and trace of a request whose key, if one came, means nothing. */
export function keylessContextOf(response: Response): RequestContext {
  return { ...callerOf(response), traceparent: response.locals.traceparent };
}

/** The same header on another route is another key. */
export function requestContextOf(request: Request, response: Response): RequestContext {
  const context = keylessContextOf(response);
  const header = request.get('Idempotency-Key');
  if (header === undefined) return context;
  const { 'Idempotency-Key': key } = parse(keyHeader, { 'Idempotency-Key': header }, 'header');
  return { ...context, idempotencyKey: `${request.method} ${request.baseUrl}${request.path} ${key}` };
}
