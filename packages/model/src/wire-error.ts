import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import type { Provider } from './model.ts';

/** Server that an adapter talks to, for its error messages. */
export interface Wire {
  readonly provider: Provider;
  /** Base URL without user, password and trailing slash. */
  readonly place: string;
  /** Credential, which must never appear in a message. */
  readonly secret?: string;
}

/** The cause of an error that a server answered with a status. */
export class HttpStatus extends Error {
  readonly status: number;
  /** The beginning of the body, without the key. */
  readonly head: string;

  constructor(status: number, said: string, head: string) {
    super(`status ${status}: ${said}`);
    this.name = 'HttpStatus';
    this.status = status;
    this.head = head;
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

/** Faults of the request itself, by Node's codes: the server has seen nothing. */
const ownFaults = new Set([
  'ERR_INVALID_CHAR',
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_HTTP_INVALID_HEADER_VALUE',
  'ERR_UNESCAPED_CHARACTERS',
  'ERR_SOCKET_BAD_PORT',
]);

/** Faults of the server's certificate: they last until somebody renews it or trusts its authority. */
const certificateFault = /^(?:CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY))/;

/**
 * What a failed request or body means: CANCELLED after an abort, CONFIG_INVALID when the request could not be made at all,
 * else unreachable before the answer, broken off in it.
 */
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
  const settings = wire.provider === 'ollama' ? 'OLLAMA_HOST' : 'OPENAI_BASE_URL and OPENAI_API_KEY';
  const code = codeOf(thrown);
  if (ownFaults.has(code) || isHeaderFault(thrown)) {
    const message = `The request to ${wire.place} for model "${model}" cannot be made: ${why}. Check ${settings}.`;
    return new ParleyError('CONFIG_INVALID', message, { cause: thrown });
  }
  const isLasting = certificateFault.test(code);
  const remedy = isLasting
    ? 'Renew its certificate, or trust its authority with NODE_EXTRA_CA_CERTS.'
    : wire.provider === 'ollama'
      ? 'Start it with: ollama serve, or set OLLAMA_HOST.'
      : 'Check OPENAI_BASE_URL.';
  return new ParleyError('MODEL_UNREACHABLE', `No answer from ${wire.place} for model "${model}": ${why}. ${remedy}`, {
    retryable: !isLasting,
    cause: thrown,
  });
}

/** Fetch has no code for a header that cannot be sent. */
function isHeaderFault(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'TypeError' && /header value/i.test(thrown.message);
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  const { code, cause } = thrown as { readonly code?: unknown; readonly cause?: unknown };
  return typeof code === 'string' ? code : codeOf(cause);
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

/** A text without the key. */
export function redacted(wire: Wire, text: string): string {
  return wire.secret ? text.replaceAll(wire.secret, '***') : text;
}

/** Node puts the reason of a failed connection into `cause` (fetch) or into `errors` (happy eyeballs). */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  if (thrown instanceof Error && thrown.cause instanceof Error) return reasonOf(thrown.cause);
  return messageOf(thrown);
}
