import { isParleyError, ParleyError } from '@parley/contracts';
import { type Env, readEnv } from '@parley/runtime';
import { createParley, type Parley, type ParleyOptions } from '@parley/sdk';
import { z } from 'zod';

/** The environment of commands that talk to a running Parley. */
export const clientEnv = z.object({
  PARLEY_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe('The gateway that "parley replay", "parley slo" and "parley mcp" talk to.'),
  PARLEY_API_KEY: z
    .string()
    .optional()
    .describe('The API key that it shows there, with the scope "write"; "parley slo" needs "read".'),
});

const defaultUrl = 'http://127.0.0.1:8080';
/** A person waits: what does not answer at the second try is away. */
const attempts = 2;

/** A client of the gateway that the environment names, with the credential that it names. */
export function openClient(environment: Env, options: Pick<ParleyOptions, 'attempts'> = { attempts }): Parley {
  const { PARLEY_URL: url = defaultUrl, PARLEY_API_KEY: token } = readEnv(clientEnv, environment);
  return createParley({ url, token, ...options });
}

export function withRemedy(thrown: unknown): never {
  if (!isParleyError(thrown) || thrown.code !== 'GATEWAY_UNREACHABLE') throw thrown;
  throw new ParleyError(
    thrown.code,
    `${thrown.message} Start it with "npm start" or "npx parley up", or name it in PARLEY_URL.`,
  );
}
