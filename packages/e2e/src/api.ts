import { setTimeout as wait } from 'node:timers/promises';
import type { DebateView, StartDebateBody } from '@parley/contracts/debate';

/** The public API as a test uses it; `identity` is headers that every request shows. */
export function createApi(url: string, identity: Readonly<Record<string, string>> = {}) {
  const json = async <T>(path: string, init?: RequestInit): Promise<{ status: number; body: T }> => {
    const headers = { ...identity, ...(init?.headers as Record<string, string> | undefined) };
    const response = await fetch(`${url}${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as T };
  };
  const post = <T>(path: string, body: unknown, headers: Record<string, string> = {}) =>
    json<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const debate = async (id: string): Promise<DebateView> => (await json<DebateView>(`/v1/debates/${id}`)).body;

  /** @throws Error when the condition does not come true in time */
  async function until(id: string, isTrue: (view: DebateView) => boolean, limitMs = 30_000): Promise<DebateView> {
    const end = performance.now() + limitMs;
    for (;;) {
      const view = await debate(id);
      if (isTrue(view)) return view;
      if (performance.now() > end) throw new Error(`debate ${id} is still ${JSON.stringify(view)}`);
      await wait(20);
    }
  }

  return {
    json,
    post,
    debate,
    until,
    async start(body: StartDebateBody): Promise<string> {
      const { status, body: answer } = await post<{ id: string }>('/v1/debates', body);
      if (status !== 202) throw new Error(`POST /v1/debates answered ${status}: ${JSON.stringify(answer)}`);
      return answer.id;
    },
    untilClosed: (id: string, limitMs?: number) => until(id, (view) => view.closedAt !== null, limitMs),
  };
}
export type Api = ReturnType<typeof createApi>;
