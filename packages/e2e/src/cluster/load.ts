import { randomUUID } from 'node:crypto';
import { messageOf } from '@parley/contracts';
import type { DebateSummary } from '@parley/contracts/debate';
import type { Violation } from '../checker.ts';
import { watch } from './watch.ts';
import type { World } from './world.ts';

export interface LoadOptions {
  /** Debates under way at once, each asked for, watched and now and then cancelled by a client of its own. */
  readonly clients: number;
  /** That every request shows: who asks. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Of each debate; drawn from 2 to 6 without it. */
  readonly rounds?: number | undefined;
  /** Each client has one debate and begins no other. */
  readonly isOnce?: boolean | undefined;
}

/** What the clients know by themselves. */
export interface LoadFound {
  /** Ids that a 2xx acknowledged. */
  readonly acknowledged: readonly string[];
  readonly requests: number;
  readonly connections: number;
  readonly violations: readonly Violation[];
}

export interface Load {
  /** Requests so far that got no answer, or a 5xx, and what became of them. */
  failures(): readonly string[];
  requests(): number;
  /** Begins no more debates; resolves when those under way are over. */
  finish(limitMs: number): Promise<LoadFound>;
}

const timeoutMs = 10_000;
const retryMs = 100;
const cancelShare = 0.1;

/** Clients that do not give up: what was not answered is asked again with the same key, at whichever gateway comes. */
export function startLoad(
  { balancer, random }: Pick<World, 'balancer' | 'random'>,
  { clients, headers = {}, rounds, isOnce = false }: LoadOptions,
): Load {
  const acknowledged: string[] = [];
  const violations: Violation[] = [];
  const giveUp = new AbortController();
  let isOver = false;
  let requests = 0;
  const failures: string[] = [];
  let connections = 0;

  /** The answer's id; undefined for a refusal. */
  async function post(path: string, body: unknown): Promise<string | undefined> {
    const key = randomUUID();
    const answers = new Set<string>();
    while (!giveUp.signal.aborted) {
      requests += 1;
      try {
        const response = await fetch(`${balancer.next()}${path}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        if (response.status === 202) {
          const { id } = JSON.parse(text) as DebateSummary;
          answers.add(id);
          // Now and then the answer is taken for lost: the key must bring the same one.
          if (answers.size === 1 && random() < 0.1) continue;
          if (answers.size > 1) violations.push({ rule: 'a key has one answer', detail: [...answers].join(', ') });
          return id;
        }
        if (response.status < 500 && !text.includes('IDEMPOTENCY_KEY_IN_FLIGHT')) return undefined;
        if (response.status >= 500) failures.push(`${response.status} ${text}`);
      } catch (thrown) {
        failures.push(`${messageOf(thrown)}: ${messageOf((thrown as Error).cause)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
    return undefined;
  }

  async function client(number: number): Promise<void> {
    for (let n = 0; !isOver && !(isOnce && n > 0); n++) {
      const topic = `Motion ${number}.${n}: is it worth ${n} hours?`;
      const id = await post('/v1/debates', { topic, maxRounds: rounds ?? 2 + Math.floor(random() * 5) });
      if (id === undefined) {
        violations.push({ rule: 'a debate that is asked for is begun', detail: topic });
        continue;
      }
      acknowledged.push(id);
      const watching = watch(balancer, id, 1 + Math.floor(random() * 6), giveUp.signal, headers);
      if (!isOnce && random() < cancelShare) await post(`/v1/debates/${id}/cancel`, {});
      const watched = await watching;
      connections += watched.connections;
      const { sequences } = watched;
      if (sequences.length === 0 || sequences.some((sequence, i) => sequence !== i + 1)) {
        violations.push({ rule: 'a watcher sees 1..n', detail: `${id}: ${sequences.join(' ')}` });
      }
    }
  }

  const running = Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
  return {
    failures: () => failures,
    requests: () => requests,
    async finish(limitMs) {
      isOver = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), limitMs);
      });
      if ((await Promise.race([running, late])) === 'late') {
        violations.push({ rule: 'every debate comes to its end', detail: `some are under way after ${limitMs} ms` });
        giveUp.abort();
        await running;
      }
      clearTimeout(timer);
      return { acknowledged, requests, connections, violations };
    },
  };
}
