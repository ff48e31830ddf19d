/**
 * Every code a Parley error may carry, with its status over HTTP. A code is for ever: it is added, never renamed or
 * reused. 500 is no refusal but a fault of this side: callers learn the code alone, and it is 503 where it is retryable.
 */
export const errorCodes = {
  BAD_REQUEST: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  FORBIDDEN: { status: 403 },
  BODY_TOO_LARGE: { status: 413 },
  NOT_FOUND: { status: 404 },
  METHOD_NOT_ALLOWED: { status: 405 },
  IDEMPOTENCY_KEY_REUSED: { status: 422 },
  IDEMPOTENCY_KEY_IN_FLIGHT: { status: 409 },
  ALREADY_CLOSED: { status: 409 },
  NOT_FINISHED: { status: 409 },
  NOT_PARKED: { status: 409 },
  NOT_REPLAYABLE: { status: 422 },
  GATEWAY_UNREACHABLE: { status: 500 },
  TOKEN_QUOTA: { status: 429 },
  RATE_LIMITED: { status: 429 },
  TOO_MANY_STREAMS: { status: 429 },
  UPGRADE_REQUIRED: { status: 426 },
  IDENTITY_PROVIDER_UNAVAILABLE: { status: 500 },
  CONFIG_INVALID: { status: 500 },
  DATABASE_UNAVAILABLE: { status: 500 },
  DATA_DIR_IN_USE: { status: 500 },
  DATA_DIR_UNUSABLE: { status: 500 },
  SCHEMA_BEHIND: { status: 500 },
  BROWSER_UNAVAILABLE: { status: 500 },
  BUS_STOPPED: { status: 500 },
  BUS_UNAVAILABLE: { status: 500 },
  MESSAGE_INVALID: { status: 500 },
  MESSAGE_TOO_LARGE: { status: 500 },
  MODEL_UNREACHABLE: { status: 500 },
  MODEL_NOT_FOUND: { status: 500 },
  MODEL_REFUSED: { status: 500 },
  MODEL_WITHOUT_TOOLS: { status: 500 },
  MODEL_OVERLOADED: { status: 500 },
  MODEL_TIMEOUT: { status: 500 },
  MODEL_STALLED: { status: 500 },
  MODEL_BROKE_OFF: { status: 500 },
  MODEL_GARBAGE: { status: 500 },
  MODEL_CUT_OFF: { status: 500 },
  MODEL_CIRCUIT_OPEN: { status: 500 },
  MODELS_EXHAUSTED: { status: 500 },
  CANCELLED: { status: 500 },
  TOKEN_BUDGET_SPENT: { status: 500 },
  EFFECT_POISON: { status: 500 },
  EFFECT_OUTCOME_UNKNOWN: { status: 500 },
  AGENT_UNKNOWN: { status: 500 },
  TOOL_FAILED: { status: 500 },
  TOOL_TIMEOUT: { status: 500 },
  TOOL_OUTCOME_UNKNOWN: { status: 500 },
  PORT_IN_USE: { status: 500 },
  PROMETHEUS_UNAVAILABLE: { status: 500 },
  HELM_UNAVAILABLE: { status: 500 },
  IMAGES_UNAVAILABLE: { status: 500 },
  KUBERNETES_UNAVAILABLE: { status: 500 },
  LINTER_UNAVAILABLE: { status: 500 },
  INTERNAL: { status: 500 },
} as const satisfies Record<string, { readonly status: number }>;
export type ErrorCode = keyof typeof errorCodes;
/** Statuses of errors that time does not mend. */
export type ErrorStatus = (typeof errorCodes)[ErrorCode]['status'];

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
