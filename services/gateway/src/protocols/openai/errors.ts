import type { Fault } from '@parley/runtime';

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
};

/** The form that OpenAI's clients read. Source: OpenAI API reference, "Error codes". */
export function errorOf({ problem: { status, detail, code, errors } }: Fault) {
  const type = types[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { error: { message: detail, type, param: errors?.[0]?.field ?? null, code } };
}
