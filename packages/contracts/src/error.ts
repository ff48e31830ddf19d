/** Every code a Parley error may carry. A code is for ever: it is added, never renamed or reused. */
export const errorCodes = [
  'BAD_REQUEST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BODY_TOO_LARGE',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_KEY_IN_FLIGHT',
  'ALREADY_CLOSED',
  'NOT_FINISHED',
  'NOT_PARKED',
  'NOT_REPLAYABLE',
  'GATEWAY_UNREACHABLE',
  'TOKEN_QUOTA',
  'RATE_LIMITED',
  'TOO_MANY_STREAMS',
  'UPGRADE_REQUIRED',
  'IDENTITY_PROVIDER_UNAVAILABLE',
  'CONFIG_INVALID',
  'DATABASE_UNAVAILABLE',
  'DATA_DIR_IN_USE',
  'DATA_DIR_UNUSABLE',
  'SCHEMA_BEHIND',
  'BROWSER_UNAVAILABLE',
  'BUS_STOPPED',
  'BUS_UNAVAILABLE',
  'MESSAGE_INVALID',
  'MESSAGE_TOO_LARGE',
  'MODEL_UNREACHABLE',
  'MODEL_NOT_FOUND',
  'MODEL_REFUSED',
  'MODEL_OVERLOADED',
  'MODEL_TIMEOUT',
  'MODEL_STALLED',
  'MODEL_BROKE_OFF',
  'MODEL_GARBAGE',
  'MODEL_CUT_OFF',
  'MODEL_CIRCUIT_OPEN',
  'MODELS_EXHAUSTED',
  'CANCELLED',
  'TOKEN_BUDGET_SPENT',
  'EFFECT_POISON',
  'EFFECT_OUTCOME_UNKNOWN',
  'PORT_IN_USE',
  'PROMETHEUS_UNAVAILABLE',
  'HELM_UNAVAILABLE',
  'IMAGES_UNAVAILABLE',
  'KUBERNETES_UNAVAILABLE',
  'LINTER_UNAVAILABLE',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

const brand = Symbol.for('parley.error');

export interface ParleyErrorOptions {
  /** True when the same call may go through later: 503 over HTTP, no acknowledgement on the bus. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * The one error class. Its message is a sentence with the offending value and the remedy. Recognised by brand, so
 * two copies of this package in one process still know each other's errors.
 */
export class ParleyError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly [brand] = true;

  constructor(code: ErrorCode, message: string, options: ParleyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ParleyError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isParleyError(value: unknown): value is ParleyError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The message of whatever was thrown, for logs and reasons. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
