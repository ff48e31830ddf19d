import { ParleyError } from '@parley/contracts';
import { readHead } from '@parley/contracts/bounded-body.ts';
import { hasRetryAfter, retryAfterMs } from './retry-after.ts';
import { HttpStatus, redacted, type Wire } from './wire-error.ts';

/** What is read of the body of a refusal; the rest is cancelled. */
export const errorBodyBounds = { bytes: 8_192, ms: 1_000 } as const;

/** Statuses by which a server says that it cannot serve now; Cloudflare's among them. */
const overloaded = new Set([425, 429, 503, 529]);
const behindProxy = new Set([502, 504, 520, 521, 522, 523, 524]);
/** Servers with these will answer the same for ever. */
const unsupported = new Set([501, 505, 510, 511]);

/** OpenAI's code for a bill that is not paid; it never comes with a limit that only passes. */
const isUnpaid = /insufficient_quota|billing_hard_limit|insufficient_balance|insufficient credit/i;
/** The words of a used-up quota. Some servers name it in a passing limit, too, and then say when to come again. */
const isQuota = /\bquota\b|\bbilling\b|\bcredits?\b/i;

/** Reads the refusal out of a response whose status is not 2xx. Retryable exactly when it may pass by itself. */
export async function statusError(wire: Wire, model: string, response: Response): Promise<ParleyError> {
  const { status, headers } = response;
  const head = redacted(wire, await readHead(response.body, errorBodyBounds));
  const said = saidIn(head);
  const cause = new HttpStatus(status, said, head);
  const at = `${wire.place} answered ${status} for model "${model}": ${said}.`;
  const lasting = (code: 'MODEL_NOT_FOUND' | 'MODEL_REFUSED', remedy: string) =>
    new ParleyError(code, `${at} ${remedy}`, { cause });
  const passing = (
    code: 'MODEL_OVERLOADED' | 'MODEL_UNREACHABLE' | 'MODEL_BROKE_OFF' | 'MODEL_TIMEOUT',
    remedy: string,
  ) => {
    const wish = retryAfterMs(headers, Date.now());
    const options = { retryable: true, cause, ...(wish === undefined ? {} : { retryAfterMs: wish }) };
    return new ParleyError(code, `${at} ${remedy}`, options);
  };

  if (status >= 300 && status < 400) {
    const to = redacted(wire, (headers.get('location') ?? 'nowhere').slice(0, 200));
    return new ParleyError(
      'MODEL_REFUSED',
      `${wire.place} redirects to ${to} (${status}). It is not followed, because the key would go there. Set ${urlName(wire)} to where the model server is.`,
      { cause },
    );
  }
  if (status === 404) return lasting('MODEL_NOT_FOUND', remedyForMissing(wire, model));
  if (status === 401 || status === 403) return lasting('MODEL_REFUSED', remedyForKey(wire));
  if (status === 402 || (status === 429 && isSpent(head, headers))) {
    return lasting('MODEL_REFUSED', "The account's quota is spent. Raise it or use another model.");
  }
  if (status === 408) return passing('MODEL_TIMEOUT', "Try again; look at the server's load.");
  if (overloaded.has(status)) return passing('MODEL_OVERLOADED', 'Try again later or allow fewer calls at once.');
  if (behindProxy.has(status)) return passing('MODEL_UNREACHABLE', 'The server behind that proxy does not answer.');
  if (status >= 500 && !unsupported.has(status)) return passing('MODEL_BROKE_OFF', "The server's own log says why.");
  return lasting('MODEL_REFUSED', 'The same request will be refused again.');
}

function isSpent(head: string, headers: Headers): boolean {
  return isUnpaid.test(head) || (isQuota.test(head) && !hasRetryAfter(headers));
}

/** The setting that names the server. */
export function urlName({ provider }: Wire): string {
  return provider === 'ollama' ? 'OLLAMA_HOST' : 'OPENAI_BASE_URL';
}

function remedyForMissing(wire: Wire, model: string): string {
  if (wire.provider === 'ollama') return `Run: ollama pull ${model}`;
  return 'Name a model that the server lists (OPENAI_MODEL), and end OPENAI_BASE_URL with /v1 if the server wants it.';
}

function remedyForKey(wire: Wire): string {
  return wire.provider === 'ollama'
    ? 'Ollama itself asks for no key: look at the proxy before it.'
    : 'Check the key (OPENAI_API_KEY) and what it may use.';
}

/** The sentence of a refusal, in the shapes of OpenAI, Ollama, FastAPI and others, or the beginning of whatever it is. */
function saidIn(head: string): string {
  let said: unknown;
  try {
    const { error, message, detail } = JSON.parse(head) as Record<string, unknown>;
    said = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
    said ??= message ?? (typeof detail === 'string' ? detail : undefined);
  } catch {
    // Not JSON, or the body broke off: its beginning says enough.
  }
  const text = typeof said === 'string' && said.trim() !== '' ? said : head;
  return (
    text
      .replace(/\s+/g, ' ')
      .slice(0, 300)
      .replace(/[.\s]+$/, '') || 'no explanation'
  );
}
