import type { Problem } from '@parley/contracts/http';

/** An answer that says no, with the fields that are at fault. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;
  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `The gateway answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

const keyName = 'parley-key';
const keyWanted = new EventTarget();

export const apiKey = {
  get: (): string | null => sessionStorage.getItem(keyName),
  set: (key: string): void => sessionStorage.setItem(keyName, key),
  forget: (): void => sessionStorage.removeItem(keyName),
  /** @returns stops listening. */
  onWanted(listener: () => void): () => void {
    keyWanted.addEventListener('wanted', listener);
    return () => keyWanted.removeEventListener('wanted', listener);
  },
};

function headers(more: Record<string, string> = {}): Record<string, string> {
  const key = apiKey.get();
  return key === null ? more : { ...more, Authorization: `Bearer ${key}` };
}

/** @throws ApiError with the server's own sentence; a 401 asks for a key as well */
export async function request(
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const response = await fetch(path, { ...init, headers: headers(init.headers) }).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(0, { detail: 'The gateway does not answer. Is Parley still running?' });
  });
  if (response.ok) return response;
  if (response.status === 401) keyWanted.dispatchEvent(new Event('wanted'));
  throw new ApiError(response.status, await response.json().catch(() => ({})));
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await request(path, signal ? { signal } : {})).json() as Promise<T>;
}

/** @param key makes it safe to send the same command twice */
export async function post<T>(path: string, body: unknown, key?: string): Promise<T> {
  const more = { 'Content-Type': 'application/json', ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
  return (await request(path, { method: 'POST', headers: more, body: JSON.stringify(body) })).json() as Promise<T>;
}

/** 128 random bits; `crypto.randomUUID` is missing where the page came over plain HTTP from another machine. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
}
