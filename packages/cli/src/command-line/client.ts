import { type ErrorCode, isParleyError, ParleyError } from '@parley/contracts/error.ts';
import { type Env, readEnv } from '@parley/runtime/config.ts';
import { createParley, type Parley, type ParleyOptions } from '@parley/sdk';
import { z } from 'zod';
import type { Call } from './command.ts';

/** The environment of commands that talk to a running Parley. */
export const clientEnv = z.object({
  PARLEY_URL: z
    .url({ protocol: /^https?$/, error: 'expected http://host:port' })
    .optional()
    .describe('The gateway that the commands of "parley" talk to.'),
  PARLEY_API_KEY: z
    .string()
    .optional()
    .describe('The API key that they show there, with the scope "read" to look and "write" to change something.'),
});

const defaultUrl = 'http://127.0.0.1:8080';
/** A person waits: what does not answer at the second try is away. */
const attempts = 2;

/** Address at which commands look for the gateway. @throws ParleyError CONFIG_INVALID */
export function gatewayUrlOf(env: Env): string {
  return readEnv(clientEnv, env).PARLEY_URL ?? defaultUrl;
}

/** A client of the gateway that the environment names, with the credential that it names. */
export function openClient(env: Env, options: Pick<ParleyOptions, 'attempts'> = { attempts }): Parley {
  return createParley({ url: gatewayUrlOf(env), token: readEnv(clientEnv, env).PARLEY_API_KEY, ...options });
}

/** Asks the gateway, and says so while somebody waits. Rejects as `work` does, with the remedy of this machine. */
export async function withGateway<T>(
  { env, terminal, self }: Pick<Call, 'env' | 'terminal' | 'self'>,
  work: (parley: Parley) => Promise<T>,
): Promise<T> {
  const parley = openClient(env);
  terminal.status(`Asking ${gatewayUrlOf(env)} …`);
  try {
    return await work(parley);
  } catch (thrown) {
    throw withRemedy(thrown, self);
  } finally {
    terminal.status(undefined);
  }
}

/** What starts a gateway here. */
export function startOf(self: string): string {
  return self.endsWith('parley') ? `${self} up` : 'npm start';
}

/** What a person can do about it here, behind what the gateway said. */
export function withRemedy(thrown: unknown, self: string): unknown {
  const remedies: Partial<Record<ErrorCode, string>> = {
    GATEWAY_UNREACHABLE: `Start it with "${startOf(self)}", or name it in PARLEY_URL.`,
    UNAUTHENTICATED: 'Here the key goes into PARLEY_API_KEY.',
  };
  const remedy = isParleyError(thrown) ? remedies[thrown.code] : undefined;
  if (!isParleyError(thrown) || remedy === undefined) return thrown;
  const { code, message, retryable, cause } = thrown;
  return new ParleyError(code, `${message} ${remedy}`, { retryable, cause });
}
