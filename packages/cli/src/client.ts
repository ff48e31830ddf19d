import { type ErrorCode, messageOf, ParleyError, problemSchema } from '@parley/contracts';
import { type Env, readEnv } from '@parley/runtime';
import { z } from 'zod';

/** The environment of commands that talk to a running Parley. */
export const clientEnv = z.object({
  PARLEY_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe('The gateway that "parley replay" and "parley slo" talk to.'),
  PARLEY_API_KEY: z
    .string()
    .optional()
    .describe('The API key that it shows there, with the scope "write"; "parley slo" needs "read".'),
});

const defaultUrl = 'http://127.0.0.1:8080';

/**
 * Asks the gateway that the environment names, with the credential that it names.
 * @throws ParleyError GATEWAY_UNREACHABLE, or with the code and the sentence of the answer
 */
export function openClient(environment: Env) {
  const { PARLEY_URL: base = defaultUrl, PARLEY_API_KEY: key } = readEnv(clientEnv, environment);
  const credential: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return <T>(path: string, init: RequestInit = {}) =>
    ask<T>(new URL(path, base), { ...init, headers: { ...credential, 'content-type': 'application/json' } });
}

async function ask<T>(url: URL, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (thrown) {
    const cause = thrown instanceof Error ? messageOf(thrown.cause ?? thrown) : messageOf(thrown);
    throw new ParleyError(
      'GATEWAY_UNREACHABLE',
      `Nothing answers at ${url.origin} (${cause}). Start it with "npm start", or name it in PARLEY_URL.`,
    );
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  const { code = 'INTERNAL', detail = `${url.origin} answered ${response.status}.` } = problemOf(text);
  throw new ParleyError(code, detail);
}

/** The server's own sentence names the field or the remedy. */
function problemOf(text: string): { readonly code?: ErrorCode | undefined; readonly detail?: string | undefined } {
  try {
    return problemSchema.partial().safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}
