import type { Logger } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { everyTenant, onBehalfOf } from '../../access/tenant.ts';
import { type PushResult, pushWaitSeconds } from '../../domain/push.ts';
import type { PostJson } from '../../out/post-json.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import type { EventStore, StreamEvent } from '../../streams/event-store.ts';
import type { DuePush, PushConfigStore } from './push-config-store.ts';

export interface PushSenderDeps {
  readonly db: Database;
  readonly configs: PushConfigStore;
  readonly events: EventStore;
  readonly post: PostJson;
  /** The agent that a receiver asked; undefined for one that this build does not know. */
  agentOf(name: string): AgentPort | undefined;
  readonly pollMs: number;
  readonly logger: Logger;
  onPush?(result: PushResult): void;
}

export interface PushSender {
  start(): void;
  /** There may be something to tell. */
  wake(): void;
  stop(): Promise<void>;
}

/** Longer than a receiver may take to answer: whoever holds a lease is done with an event before it ends. */
const leaseSeconds = 15;
const atOnce = 16;
const pageSize = 50;

/**
 * Tells the receivers of push notifications each event, in order, until they acknowledge it: at least once. How far
 * each has come is in the database, so any replica goes on after a crash. Source: A2A 1.0 §4.3.3.
 */
export function createPushSender(deps: PushSenderDeps): PushSender {
  const { db, configs, logger } = deps;
  const all = onBehalfOf(db, everyTenant);
  const leaving = new AbortController();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  /** Nobody waits for anything as long as it is false, and news are not looked into. */
  let isOpen = false;

  function look(): void {
    if (leaving.signal.aborted) return;
    lookAgain = true;
    looking ??= lookAll().finally(() => {
      looking = undefined;
    });
  }

  async function lookAll(): Promise<void> {
    let waitMs = deps.pollMs;
    try {
      while (lookAgain && !leaving.signal.aborted) {
        lookAgain = false;
        const due = isOpen ? await configs.claim(all, atOnce - running.size, leaseSeconds) : [];
        for (const one of due) run(one);
        const { isOpen: isAny, nextMs } = await configs.nextDue(all);
        if (isAny && !isOpen) lookAgain = true;
        isOpen = isAny;
        waitMs = Math.min(deps.pollMs, Math.max(0, nextMs ?? deps.pollMs));
      }
    } catch (err) {
      logger.warn({ err }, 'Push notifications wait for the database.');
    }
    clearTimeout(timer);
    if (!leaving.signal.aborted) timer = setTimeout(look, waitMs).unref();
  }

  function run(due: DuePush): void {
    const telling = tell(due)
      .catch((err: unknown) => logger.warn({ err, config: due.id }, 'A push notification waits for its lease to end.'))
      .finally(() => {
        running.delete(telling);
        look();
      });
    running.add(telling);
  }

  /** Everything that has happened since, as long as it is acknowledged. */
  async function tell(due: DuePush): Promise<void> {
    const agent = deps.agentOf(due.agent);
    // A newer build's receivers are left to it.
    if (agent === undefined) return configs.release(all, due, leaseSeconds, due.failures);
    const last: ReadonlySet<string> = new Set(agent.kind.last);
    let sent = due.sentSeq;
    for (;;) {
      const page = await deps.events.after(all, everyTenant, due.task, sent, pageSize);
      for (const event of page) {
        const posted = await deps.post(due.url, await bodyOf(agent, due, event), headersOf(due), leaving.signal);
        if (leaving.signal.aborted && !posted.ok) return configs.release(all, due, 0, due.failures);
        if (!posted.ok) return failed(due, sent === due.sentSeq ? due.failures + 1 : 1, posted.reason);
        deps.onPush?.('acknowledged');
        sent = event.seq;
        if (!(await configs.acknowledge(all, due, sent, leaseSeconds))) return;
        if (last.has(event.type)) return configs.finish(all, due);
      }
      if (page.length < pageSize || leaving.signal.aborted) return configs.release(all, due, 0, 0);
    }
  }

  async function failed(due: DuePush, failures: number, reason: string): Promise<void> {
    const wait = pushWaitSeconds(failures);
    deps.onPush?.(wait === undefined ? 'given_up' : 'failed');
    logger.warn({ task: due.task, config: due.id, failures, reason }, 'A push notification was not taken.');
    await (wait === undefined ? configs.finish(all, due) : configs.release(all, due, wait, failures));
  }

  return {
    start() {
      isOpen = true;
      look();
    },
    wake() {
      if (isOpen) look();
    },
    async stop() {
      leaving.abort();
      clearTimeout(timer);
      await looking;
      await Promise.all(running);
    },
  };
}

/** The protocol's library is read when there is the first event to tell. */
async function bodyOf(agent: AgentPort, { task }: DuePush, event: StreamEvent): Promise<string> {
  const [{ V1PushNotificationSerializer }, { updateOf }] = await Promise.all([
    import('@a2a-js/sdk/server'),
    import('./tasks.ts'),
  ]);
  return new V1PushNotificationSerializer().serialize(updateOf(agent, task, event)).body;
}

function headersOf({ token, scheme, credentials }: DuePush): Record<string, string> {
  return {
    'content-type': 'application/a2a+json',
    ...(token === null ? {} : { 'x-a2a-notification-token': token }),
    ...(scheme === null || credentials === null ? {} : { authorization: `${scheme} ${credentials}` }),
  };
}
