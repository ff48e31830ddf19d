import type { Problem } from '@parley/contracts';
import { type ErrorCode, isParleyError, messageOf, ParleyError } from '@parley/contracts/error.ts';

export interface CallOptions {
  /** Gives up at once; what was acknowledged before goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Of a command: asking again with it is asking once. Drawn for each call where it is left out. */
  readonly idempotencyKey?: string | undefined;
}

export interface RequestOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** How often a call is made before its fault is the caller's. */
  readonly attempts?: number | undefined;
}

export interface Call extends CallOptions {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly accept?: string;
  readonly attempts?: number;
}

export type Ask = (path: string, call?: Call) => Promise<Response>;

const backoff = { attempts: 6, firstMs: 200, mostMs: 10_000 } as const;
const retried = new Set([429, 502, 503, 504]);
/** A quota may be refilled tomorrow: that is for the caller to wait for. */
const longestWaitSeconds = 60;

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

async function once(ask: typeof fetch, base: string, path: string, init: RequestInit): Promise<Response | ParleyError> {
  const url = new URL(path, base);
  try {
    const response = await ask(url.href, init);
    return response.ok ? response : await faultOf(url, response);
  } catch (thrown) {
    const why = thrown instanceof Error ? messageOf(thrown.cause ?? thrown) : messageOf(thrown);
    return new ParleyError('GATEWAY_UNREACHABLE', `Nothing answers at ${url.origin} (${why}).`, {
      retryable: true,
      cause: thrown,
    });
  }
}

/** The server's own sentence, which names the field or the remedy; its problem details are the cause. */
async function faultOf(url: URL, response: Response): Promise<ParleyError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const code: ErrorCode = problem.code ?? 'INTERNAL';
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ParleyError(code, problem.detail ?? `${url.origin} answered ${response.status}.`, {
    retryable: isPassing(response.status, code) && !(after > longestWaitSeconds),
    ...(Number.isFinite(after) ? { retryAfterMs: after * 1_000 } : {}),
    cause: { status: response.status, ...problem },
  });
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
