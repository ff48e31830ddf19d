import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import type { Provider } from './model.ts';

/** Where an adapter talks to, for its error messages. */
export interface Wire {
  readonly provider: Provider;
  /** Base URL without user, password and trailing slash. */
  readonly place: string;
  /** Never to appear in a message. */
  readonly secret?: string;
}

/** The cause of an error that a server answered with a status. */
export class HttpStatus extends Error {
  readonly status: number;

  constructor(status: number, said: string) {
    super(`status ${status}: ${said}`);
    this.name = 'HttpStatus';
    this.status = status;
  }
}

/** The status a server refused with, or undefined when the error has another cause. */
export function statusOf(error: ParleyError): number | undefined {
  return error.cause instanceof HttpStatus ? error.cause.status : undefined;
}

/** A URL for people: without user, password, query and trailing slash. Throws CONFIG_INVALID when it is not http(s). */
export function placeOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new ParleyError('CONFIG_INVALID', `"${baseUrl}" is not the URL of a model server. Write http://host:port.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Reads the refusal out of a response whose status is not 2xx. */
export async function statusError(wire: Wire, model: string, response: Response): Promise<ParleyError> {
  const { status } = response;
  const said = redacted(wire, await errorText(response));
  const cause = new HttpStatus(status, said);
  const retryAfterMs = retryAfter(response.headers.get('retry-after'));
  const later = { retryable: true, cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  const at = `${wire.place} answered ${status} for model "${model}": ${said}.`;
  if (status === 404) return new ParleyError('MODEL_NOT_FOUND', `${at} ${remedyForMissing(wire, model)}`, { cause });
  if (status === 401 || status === 403) {
    return new ParleyError('MODEL_REFUSED', `${at} Check the key (OPENAI_API_KEY) and what it may use.`, { cause });
  }
  if (status === 429 || status === 503) {
    return new ParleyError('MODEL_OVERLOADED', `${at} Try again later or allow fewer calls at once.`, later);
  }
  if (status === 502 || status === 504) {
    return new ParleyError('MODEL_UNREACHABLE', `${at} The server behind that proxy does not answer.`, later);
  }
  if (status >= 500) return new ParleyError('MODEL_BROKE_OFF', `${at} The server's own log says why.`, later);
  return new ParleyError('MODEL_REFUSED', `${at} The same request will be refused again.`, { cause });
}

/** What a failed request or body means: CANCELLED after an abort, else unreachable before the answer, broken off in it. */
export function transportError(
  wire: Wire,
  model: string,
  thrown: unknown,
  at: { readonly signal: AbortSignal; readonly hasAnswer: boolean },
): ParleyError {
  if (at.signal.aborted) return cancelled(at.signal);
  if (isParleyError(thrown)) return thrown;
  const why = redacted(wire, reasonOf(thrown));
  if (at.hasAnswer) return brokeOff(wire, model, why, thrown);
  const remedy =
    wire.provider === 'ollama' ? 'Start it with: ollama serve, or set OLLAMA_HOST.' : 'Check OPENAI_BASE_URL.';
  return new ParleyError('MODEL_UNREACHABLE', `No answer from ${wire.place} for model "${model}": ${why}. ${remedy}`, {
    retryable: true,
    cause: thrown,
  });
}

/** The answer had begun and will not be finished. */
export function brokeOff(wire: Wire, model: string, why: string, cause?: unknown): ParleyError {
  const said = redacted(wire, why);
  return new ParleyError(
    'MODEL_BROKE_OFF',
    `${wire.place} broke off the answer of model "${model}": ${said}. Ask again.`,
    {
      retryable: true,
      cause,
    },
  );
}

/** The caller's abort as an error; its reason is the cause. */
export function cancelled(signal: AbortSignal): ParleyError {
  return new ParleyError('CANCELLED', 'The model call was cancelled by its caller.', { cause: signal.reason });
}

function remedyForMissing(wire: Wire, model: string): string {
  if (wire.provider === 'ollama') return `Run: ollama pull ${model}`;
  return 'Name a model that the server lists (OPENAI_MODEL), and end OPENAI_BASE_URL with /v1 if the server wants it.';
}

function redacted(wire: Wire, text: string): string {
  return wire.secret ? text.replaceAll(wire.secret, '***') : text;
}

/** Node puts the reason of a failed connection into `cause` (fetch) or into `errors` (happy eyeballs). */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  if (thrown instanceof Error && thrown.cause instanceof Error) return reasonOf(thrown.cause);
  return messageOf(thrown);
}

async function errorText(response: Response): Promise<string> {
  let body = '';
  try {
    body = (await response.text()).slice(0, 2_000);
    const { error } = JSON.parse(body) as { error?: string | { message?: string } };
    const said = typeof error === 'string' ? error : error?.message;
    return (said ?? body).slice(0, 300).replace(/[.\s]+$/, '');
  } catch {
    // Not JSON, or the body broke off: the status says enough.
    return body.replace(/\s+/g, ' ').slice(0, 200).trim() || 'no explanation';
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. Only seconds are taken. */
function retryAfter(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined;
}
