import type { Fault } from '@parley/runtime';
import type { Response } from 'express';
import { errorInfo } from '../json-rpc.ts';

const names: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** Source: A2A 1.0 §11.6 (google.rpc.Status in JSON). */
export function restFault({ problem: { status, detail, code, traceId } }: Fault, response: Response): void {
  const error = {
    code: status,
    status: names[status] ?? 'INVALID_ARGUMENT',
    message: detail,
    details: [errorInfo(code, traceId)],
  };
  response.type('application/a2a+json').send(JSON.stringify({ error }));
}
