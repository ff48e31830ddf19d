import type { Message } from '@parley/contracts';
import { isParleyError, messageOf } from '@parley/contracts';
import type { Database } from './database.ts';
import type { ReachFailpoint } from './failpoint.ts';
import type { SpineHooks } from './hooks.ts';
import type { Statements } from './statements.ts';

/** What the relay needs of a bus. Resolves when the messages are safe there. */
export interface Publisher {
  publish(topic: string, messages: readonly Message[]): Promise<void>;
}

export interface RelayDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly owner: string;
  readonly bus: Publisher;
  readonly pollMs: number;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
}

const leaseSeconds = 10;
const rowsAtOnce = 50;
const retryMs = { first: 50, max: 2_000 };

interface OutboxRow {
  readonly pos: string;
  readonly topic: string;
  readonly messages: Message[];
}

/**
 * Sends the outbox in the order of its rows, one batch at a time, and forgets a row when the bus has it. A crash in
 * between sends it again: readers know messages by id. One replica at a time does this, so a late duplicate can
 * never overtake a first arrival.
 */
export function createRelay(deps: RelayDeps) {
  let isStopping = false;
  let isRunning = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let delay = retryMs.first;
  /** Rows that the bus has and the outbox still holds. */
  let sent: string[] = [];

  async function drain(): Promise<void> {
    for (;;) {
      again = false;
      const rows = await deps.db.query<OutboxRow>(deps.sql.nextOutbox, [deps.owner, leaseSeconds, rowsAtOnce, sent]);
      sent = [];
      if (rows.length === 0 && !again) return;
      const byTopic = Map.groupBy(rows, (row) => row.topic);
      const results = await Promise.allSettled([...byTopic].map(([topic, list]) => send(topic, list)));
      if (rows.length > 0) deps.failpoint('after-send-before-mark');
      const failed = results.find((result) => result.status === 'rejected');
      sent = [...byTopic.values()].flatMap((list, i) =>
        results[i]?.status === 'fulfilled' ? list.map((row) => row.pos) : [],
      );
      if (failed !== undefined) throw failed.reason;
      delay = retryMs.first;
    }
  }

  async function send(topic: string, rows: readonly OutboxRow[]): Promise<void> {
    const messages = rows.flatMap((row) => row.messages);
    try {
      await deps.bus.publish(topic, messages);
    } catch (thrown) {
      if (!isUnsendable(thrown)) throw thrown;
      // Something among them can never be sent. One by one the others get through and this one is named.
      for (const message of messages) {
        await deps.bus.publish(topic, [message]).catch((one) => {
          if (!isUnsendable(one)) throw one;
          deps.hooks.onTrouble?.(`message ${message.id} of type ${message.type} cannot be sent and is dropped`, one);
        });
      }
    }
    deps.hooks.onRelayed?.({ topic, messages: messages.length });
  }

  function run(): void {
    if (isStopping) return;
    if (isRunning) {
      again = true;
      return;
    }
    isRunning = true;
    clearTimeout(timer);
    current = drain()
      .then(() => deps.pollMs)
      .catch((thrown) => {
        if (!isStopping && !isBusStopped(thrown))
          deps.hooks.onTrouble?.(`sending the outbox: ${messageOf(thrown)}`, thrown);
        delay = Math.min(delay * 2, retryMs.max);
        return delay;
      })
      .then((ms) => {
        isRunning = false;
        if (again) run();
        else if (!isStopping) timer = setTimeout(run, ms);
      });
  }

  return {
    /** There is something to send. */
    notify: run,
    async stop(): Promise<void> {
      isStopping = true;
      clearTimeout(timer);
      await current;
      await deps.db
        .query(deps.sql.letGo, [deps.owner])
        .catch((thrown) => deps.hooks.onTrouble?.("giving the relay's lease back", thrown));
    },
  };
}
/** Only what the bus names as such is dropped: a fault that nobody foresaw is no reason to lose a message. */
function isUnsendable(thrown: unknown): boolean {
  return isParleyError(thrown) && !thrown.retryable;
}

/** The bus stops before its writers do: what it no longer takes stays in the outbox. */
function isBusStopped(thrown: unknown): boolean {
  return isParleyError(thrown) && thrown.code === 'BUS_STOPPED';
}

export type Relay = ReturnType<typeof createRelay>;
