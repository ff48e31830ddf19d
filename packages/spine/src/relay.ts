import { AsyncLocalStorage } from 'node:async_hooks';
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

/** Batches on their way at once: the next leaves while readers still commit the one before. */
const maxFlights = 4;
/** What the bus has is forgotten with the next reading, or alone when there is none for so long. */
const forgetMs = 20;

/**
 * Sends the outbox in the order of its rows and forgets a row when the bus has it. A crash in between sends it again:
 * readers know messages by id. One replica at a time does this, so a late duplicate can never overtake a first arrival.
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
  const flying = new Set<string>();
  const flights = new Set<Promise<void>>();
  let failure: { readonly thrown: unknown } | undefined;
  /** What is sent next belongs to others than whoever gave the sign. */
  const detached = AsyncLocalStorage.snapshot();
  const { aroundSend } = deps.hooks;
  const publish = (topic: string, messages: readonly Message[]): Promise<void> =>
    aroundSend === undefined
      ? deps.bus.publish(topic, messages)
      : aroundSend(topic, messages, (list) => deps.bus.publish(topic, list));

  /** Forgets, and reads what is next. */
  async function next(limit: number): Promise<OutboxRow[]> {
    const forgotten = sent;
    sent = [];
    try {
      const known = [...forgotten, ...flying];
      return await deps.db.query<OutboxRow>(deps.sql.nextOutbox, [deps.owner, leaseSeconds, limit, forgotten, known]);
    } catch (thrown) {
      sent.push(...forgotten);
      throw thrown;
    }
  }

  async function drain(): Promise<void> {
    for (;;) {
      if (flights.size >= maxFlights) await Promise.race(flights);
      if (failure !== undefined) {
        // What is behind a failed batch must not arrive before it.
        await Promise.all(flights);
        const { thrown } = failure;
        failure = undefined;
        throw thrown;
      }
      again = false;
      const rows = await next(rowsAtOnce);
      if (failure !== undefined) continue;
      if (rows.length > 0) launch(rows);
      if (rows.length < rowsAtOnce && !again) return;
    }
  }

  function launch(rows: readonly OutboxRow[]): void {
    for (const row of rows) flying.add(row.pos);
    const byTopic = Map.groupBy(rows, (row) => row.topic);
    const flight = Promise.all([...byTopic].map(([topic, list]) => fly(topic, list))).then(() => {
      flights.delete(flight);
      for (const row of rows) flying.delete(row.pos);
      deps.failpoint('after-send-before-mark');
      if (failure !== undefined) run();
      else if (!isRunning) schedule(forgetMs);
    });
    flights.add(flight);
  }

  async function fly(topic: string, rows: readonly OutboxRow[]): Promise<void> {
    try {
      await send(
        topic,
        rows.flatMap((row) => row.messages),
      );
      delay = retryMs.first;
      for (const row of rows) sent.push(row.pos);
    } catch (thrown) {
      failure ??= { thrown };
    }
  }

  async function send(topic: string, messages: readonly Message[]): Promise<void> {
    try {
      await publish(topic, messages);
    } catch (thrown) {
      if (!isUnsendable(thrown)) throw thrown;
      // Something among them can never be sent. One by one the others get through and this one is named.
      await Promise.all(messages.map((message) => sendAlone(topic, message)));
    }
    deps.hooks.onRelayed?.({ topic, messages: messages.length });
  }

  async function sendAlone(topic: string, message: Message): Promise<void> {
    try {
      await publish(topic, [message]);
    } catch (thrown) {
      if (!isUnsendable(thrown)) throw thrown;
      deps.hooks.onTrouble?.(`message ${message.id} of type ${message.type} cannot be sent and is dropped`, thrown);
    }
  }

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (!isStopping) timer = setTimeout(run, ms);
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
      .then(() => (sent.length > 0 ? forgetMs : deps.pollMs))
      .catch((thrown) => {
        if (!isStopping && !isBusStopped(thrown))
          deps.hooks.onTrouble?.(`sending the outbox: ${messageOf(thrown)}`, thrown);
        delay = Math.min(delay * 2, retryMs.max);
        return delay;
      })
      .then((ms) => {
        isRunning = false;
        if (again) run();
        else schedule(ms);
      });
  }

  return {
    /** There is something to send. */
    notify: () => detached(run),
    /** Sends what is left, as far as the bus takes it, and lets another replica take over. */
    async stop(): Promise<void> {
      isStopping = true;
      clearTimeout(timer);
      await current;
      await Promise.all(flights);
      await next(0)
        .then(() => deps.db.query(deps.sql.letGo, [deps.owner]))
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
