import {
  A2AError,
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { ErrorCode } from '@parley/contracts';
import { faultOf, type Logger, logFault } from '@parley/runtime';

const kinds: Partial<Record<ErrorCode, typeof TaskNotFoundError>> = {
  NOT_FOUND: TaskNotFoundError,
  ALREADY_CLOSED: UnsupportedOperationError,
};

/** The protocol's own errors; what is not expected shows its code only. Source: A2A 1.0 §3.3.2. */
export function a2aError(thrown: unknown, traceparent: string, logger: Logger): unknown {
  if (thrown instanceof A2AError) return thrown;
  const fault = faultOf(thrown, traceparent);
  logFault(logger, fault, thrown);
  const { code, detail, status, traceId } = fault.problem;
  const later = fault.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: String(fault.retryAfterSeconds) };
  const options = { message: detail, metadata: { code, traceId, ...later } };
  const Kind = kinds[code] ?? (status < 500 ? RequestMalformedError : undefined);
  return Kind === undefined ? new A2AError(options) : new Kind(options);
}

export { RequestMalformedError, TaskNotCancelableError, UnsupportedOperationError };
