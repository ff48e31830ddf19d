import { isUtf8 } from 'node:buffer';
import { type ErrorStatus, errorCodes, isParleyError, ParleyError } from '@parley/contracts';
import type { Problem } from '@parley/contracts/http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Logger } from './logger.ts';
import { traceIdOf } from './trace-context.ts';

const titles: Readonly<Record<ErrorStatus | 503, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Body too large',
  422: 'Unprocessable',
  426: 'Upgrade required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

type Where = 'body' | 'query' | 'path' | 'header';
interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** Input that a caller got wrong, with every field that is at fault. */
export class BadRequest extends ParleyError {
  readonly fields: readonly FieldFault[];
  constructor(where: Where, fields: readonly FieldFault[]) {
    super('BAD_REQUEST', `The ${where} is not usable: ${fields.map((f) => `${f.field}: ${f.message}`).join('; ')}.`);
    this.fields = fields;
  }
}

/** @throws BadRequest naming every field at fault */
export function parse<S extends z.ZodType>(schema: S, value: unknown, where: Where): z.infer<S> {
  const parsed = schema.safeParse(value);
  const faults = parsed.success ? unstorable(parsed.data, []) : parsed.error.issues.flatMap(faultsOf);
  if (!parsed.success || faults.length > 0) {
    throw new BadRequest(
      where,
      faults.map(({ field, message }) => ({ field: field || where, message })),
    );
  }
  return parsed.data;
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code !== 'unrecognized_keys') return [{ field: issue.path.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({
    field: [...issue.path, key].join('.'),
    message: 'is not known here; remove it',
  }));
}

/** Text that JSON can carry and Postgres cannot: NUL, and halves of surrogate pairs. */
function unstorable(value: unknown, path: readonly string[]): FieldFault[] {
  if (typeof value === 'string') {
    const isStorable = value.isWellFormed() && !value.includes('\0');
    return isStorable ? [] : [{ field: path.join('.'), message: 'has a NUL or half of a surrogate pair' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => unstorable(inner, [...path, key]));
}

const unreadable = 'entity.parse.failed';
/** What is at fault here is for the log: a driver's words name hosts and ports. */
const wrong = 'Something went wrong here; the log has the rest under this trace id.';
const away =
  'A part of this service does not answer at the moment. Ask again after Retry-After seconds; an Idempotency-Key makes that safe.';

export const notFound: RequestHandler = (request) => {
  throw new ParleyError('NOT_FOUND', `There is nothing at ${request.method} ${request.path}. See /openapi.json.`);
};

/** Last on a path, after the methods it has. Source: RFC 9110 §15.5.6. */
export function onlyMethods(...allowed: string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed.join(', '));
    throw new ParleyError(
      'METHOD_NOT_ALLOWED',
      `${request.path} does not take ${request.method}, only ${allowed.join(', ')}.`,
    );
  };
}

/** Refuses, after the JSON reader, a body that it left alone: one of another type must not pass for an empty one. */
export const onlyJson: RequestHandler = (request, _response, next) => {
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  if (request.body === undefined && (coding !== undefined || Number(length) > 0)) {
    const type = request.get('Content-Type') ?? 'of no type';
    throw new BadRequest('header', [{ field: 'Content-Type', message: `is ${type}; send application/json` }]);
  }
  next();
};

/**
 * Refuses bodies that are not UTF-8 before the JSON reader, which would put U+FFFD in the place of every such byte.
 * Source: RFC 8259 §8.1.
 * @throws ParleyError BAD_REQUEST
 */
export function onlyUtf8(_request: unknown, _response: unknown, body: Buffer, encoding: string): void {
  if (encoding !== 'utf-8' || isUtf8(body)) return;
  const cause = { type: unreadable };
  throw new ParleyError('BAD_REQUEST', 'The body has bytes that are not UTF-8. Send JSON in UTF-8.', { cause });
}

export interface Fault {
  readonly problem: Problem;
  /** Value of Retry-After for 429 and 503. */
  readonly retryAfterSeconds: number | undefined;
  readonly error: ParleyError;
}

/** Whatever was thrown, in words for the caller. What is not expected shows its code and trace id only. */
export function faultOf(thrown: unknown, traceparent: string): Fault {
  const error = asParleyError(thrown);
  const status = statusOf(error);
  const isLater = status === 503 || status === 429;
  const problem: Problem = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail: status === 500 ? wrong : status === 503 ? away : error.message,
    code: error.code,
    traceId: traceIdOf(traceparent),
    ...(error instanceof BadRequest ? { errors: [...error.fields] } : {}),
  };
  return { problem, error, retryAfterSeconds: isLater ? Math.ceil((error.retryAfterMs ?? 1000) / 1000) : undefined };
}

function statusOf({ code, retryable }: ParleyError): ErrorStatus | 503 {
  // Another copy of the contracts may know codes that this one does not.
  const status = Object.hasOwn(errorCodes, code) ? errorCodes[code].status : 500;
  return status === 500 && retryable ? 503 : status;
}

export function logFault(logger: Logger, { problem: { status, code, traceId }, error }: Fault, thrown: unknown): void {
  if (status === 503) logger.warn({ trace_id: traceId, code }, error.message);
  else if (status >= 500) logger.error({ err: thrown, trace_id: traceId, code }, error.message);
}

/** Answers whatever was thrown as RFC 9457 problem+json. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return answerFaults(logger, ({ problem }, response) => {
    response.type('application/problem+json').send(JSON.stringify(problem));
  });
}

/** Logs whatever was thrown, sets the status and when to come again, and leaves the body to `send`. */
export function answerFaults(logger: Logger, send: (fault: Fault, response: Response) => void): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const fault = faultOf(thrown, response.locals.traceparent ?? '');
    logFault(logger, fault, thrown);
    if (fault.retryAfterSeconds !== undefined) response.set('Retry-After', String(fault.retryAfterSeconds));
    response.status(fault.problem.status);
    send(fault, response);
  };
}

/** Whether the body reader could not read the body at all. */
export function isUnreadable({ error }: Fault): boolean {
  return (error.cause as { type?: unknown } | undefined)?.type === unreadable;
}

function asParleyError(thrown: unknown): ParleyError {
  if (isParleyError(thrown)) return thrown;
  // body-parser marks its errors with a type and a status.
  const type = (thrown as { type?: unknown } | null)?.type;
  if (type === 'entity.too.large') return new ParleyError('BODY_TOO_LARGE', 'The body is larger than 64 kB.');
  if (type === unreadable) return new ParleyError('BAD_REQUEST', 'The body is not JSON.', { cause: thrown });
  const status = (thrown as { status?: unknown } | null)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ParleyError('BAD_REQUEST', thrown instanceof Error ? thrown.message : 'The request is not usable.');
  }
  return new ParleyError('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
