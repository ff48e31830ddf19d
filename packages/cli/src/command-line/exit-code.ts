import { type ErrorCode, isParleyError } from '@parley/contracts/error.ts';

/** What a script may rely on. */
export const exitCodes = {
  ok: { code: 0, meaning: 'what was asked for is done' },
  failed: {
    code: 1,
    meaning: 'it failed, or what was found is bad: a debate failed, a chain is broken, something is missing',
  },
  usage: { code: 2, meaning: 'the command line, the environment or the request is wrong: asking again is no use' },
  away: { code: 3, meaning: 'something that is needed does not answer now: the same command may work later' },
  refused: { code: 4, meaning: 'the server says no: there is no such thing, it is over already, you may not' },
  interrupted: { code: 130, meaning: 'Ctrl-C' },
} as const;

const wrong: ReadonlySet<ErrorCode> = new Set(['BAD_REQUEST', 'BODY_TOO_LARGE', 'CONFIG_INVALID']);
const away: ReadonlySet<ErrorCode> = new Set([
  'GATEWAY_UNREACHABLE',
  'DATABASE_UNAVAILABLE',
  'BUS_UNAVAILABLE',
  'MODEL_UNREACHABLE',
]);

/** The exit code for whatever was thrown. */
export function exitCodeOf(thrown: unknown): number {
  if (!isParleyError(thrown)) return exitCodes.failed.code;
  if (wrong.has(thrown.code)) return exitCodes.usage.code;
  if (thrown.retryable || away.has(thrown.code)) return exitCodes.away.code;
  const status = statusOf(thrown.cause);
  const isRefused = thrown.code === 'NOT_FOUND' || (status !== undefined && status >= 400 && status < 500);
  return isRefused ? exitCodes.refused.code : exitCodes.failed.code;
}

/** The HTTP status that a gateway's fault came with. */
export function statusOf(cause: unknown): number | undefined {
  const status = (cause as { readonly status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' ? status : undefined;
}
