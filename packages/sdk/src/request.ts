import { readJson } from '@parley/contracts/bounded-body.ts';
import { type ErrorCode, isParleyError, messageOf, ParleyError } from '@parley/contracts/error.ts';
import type { Problem } from '@parley/contracts/http';

export interface CallOptions {
  /** Gives up at once; what was acknowledged before goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Idempotency key of a command: asking again with it is asking once. Drawn for each call where it is left out. */
  readonly idempotencyKey?: string | undefined;
}

export interface RequestOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Attempts at a call before its fault is the caller's. */
  readonly attempts?: number | undefined;
}

export interface Call extends CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly accept?: string;
  readonly attempts?: number;
}

export type Ask = (path: string, call?: Call) => Promise<Response>;

const backoff = { attempts: 6, firstMs: 200, mostMs: 10_000 } as const;
const retried = new Set([429, 502, 503, 504]);
/** A quota may be refilled tomorrow: that is for the caller to wait for. */
const longestWaitSeconds = 60;
/** What is read of an answer: the longest is a debate with every turn; and of the problem details of a refusal. */
const answerBounds = { bytes: 64_000_000, ms: 60_000 } as const;
const problemBounds = { bytes: 64_000, ms: 5_000 } as const;

/** One request, made again while its fault is of the kind that passes. Resolves to a response that is well. */
export function createAsk(options: RequestOptions): Ask {
  const ask = options.fetch ?? ((url, init) => fetch(url, init));
  return async (path, call = {}) => {
    const { method = 'GET', body, signal, accept = 'application/json' } = call;
    const attempts = call.attempts ?? options.attempts ?? backoff.attempts;
    const key = method === 'POST' ? { 'idempotency-key': call.idempotencyKey ?? newKey() } : {};
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const init: RequestInit = {
      method,
      headers: { accept, ...type, ...key, ...options.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal == null ? {} : { signal }),
    };
    for (let attempt = 1; ; attempt += 1) {
      const fault = await once(ask, options.url, path, init);
      if (!isParleyError(fault)) return fault;
      signal?.throwIfAborted();
      if (!fault.retryable || attempt >= attempts) throw fault;
      await pause(fault.retryAfterMs ?? Math.min(backoff.mostMs, backoff.firstMs * 2 ** (attempt - 1)), signal);
    }
  };
}

/** The JSON of a response that is well. @throws ParleyError GATEWAY_UNREACHABLE: what answers there is no Parley */
export async function answerIn<T>(response: Response): Promise<T> {
  try {
    return (await readJson(response.body, answerBounds)) as T;
  } catch (thrown) {
    const place = URL.canParse(response.url) ? new URL(response.url).origin : 'the gateway';
    const message = `The answer of ${place} cannot be read: ${messageOf(thrown)}.`;
    throw new ParleyError('GATEWAY_UNREACHABLE', message, { cause: thrown });
  }
}

async function once(ask: typeof fetch, base: string, path: string, init: RequestInit): Promise<Response | ParleyError> {
  if (!URL.canParse(path, base)) {
    return new ParleyError('CONFIG_INVALID', `"${base}" is not the address of a gateway. Write http://host:port.`);
  }
  const url = new URL(path, base);
  try {
    const response = await ask(url.href, init);
    return response.ok ? response : await faultOf(url, response);
  } catch (thrown) {
    if (isUnsendable(thrown)) {
      // Not the runtime's own words: they repeat the header, and the token with it.
      const message = 'The request cannot be made: a header has a character that none can carry. Check the token.';
      return new ParleyError('CONFIG_INVALID', message);
    }
    const why = thrown instanceof Error ? messageOf(thrown.cause ?? thrown) : messageOf(thrown);
    return new ParleyError('GATEWAY_UNREACHABLE', `Nothing answers at ${url.origin} (${why}).`, {
      retryable: true,
      cause: thrown,
    });
  }
}

/** The server's own sentence, which names the field or the remedy; its problem details are the cause. */
async function faultOf(url: URL, response: Response): Promise<ParleyError> {
  const body: unknown = await readJson(response.body, problemBounds).catch(() => undefined);
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const code: ErrorCode = problem.code ?? 'INTERNAL';
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ParleyError(code, problem.detail ?? `${url.origin} answered ${response.status}.`, {
    retryable: isPassing(response.status, code) && !(after > longestWaitSeconds),
    ...(Number.isFinite(after) ? { retryAfterMs: after * 1_000 } : {}),
    cause: { status: response.status, ...problem },
  });
}

/** Node and browsers say it in their own words, and with no code. */
function isUnsendable(thrown: unknown): boolean {
  const { name, message } = (thrown ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  return name === 'TypeError' && /header|ISO-8859-1|ByteString/i.test(String(message));
}

/** A key is in flight when the answer to an earlier attempt is still on its way. */
const isPassing = (status: number, code: ErrorCode): boolean =>
  retried.has(status) || code === 'IDEMPOTENCY_KEY_IN_FLIGHT';

/** `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws the signal's reason */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}
