import { type Fault, faultOf, type Logger, logFault } from '@parley/runtime';
import type { ErrorRequestHandler } from 'express';

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** The form that OpenAI's clients read. Source: OpenAI API reference, "Error codes". */
export function errorOf({ problem: { status, detail, code, errors } }: Fault) {
  const type = types[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { error: { message: detail, type, param: errors?.[0]?.field ?? null, code } };
}

export function openAiErrors(logger: Logger): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const fault = faultOf(thrown, response.locals.traceparent ?? '');
    logFault(logger, fault, thrown);
    if (fault.retryAfterSeconds !== undefined) response.set('Retry-After', String(fault.retryAfterSeconds));
    response.status(fault.problem.status).json(errorOf(fault));
  };
}
