import { AsyncLocalStorage } from 'node:async_hooks';
import { isParleyError, messageOf } from '@parley/contracts';
import type { ReachFailpoint } from '../failpoint.ts';
import type { SpineHooks } from '../hooks.ts';
import { createAppointment } from '../tick/appointment.ts';
import { createOutboxReader, type OutboxReaderDeps, type Posted } from './outbox-reader.ts';
import { type Publisher, send } from './send.ts';

export interface RelayDeps extends OutboxReaderDeps {
  /** Channel on which replicas tell the one that sends. */
  readonly channel: string;
  readonly bus: Publisher;
  readonly pollMs: number;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
}

const rowsAtOnce = 50;
const retryMs = { first: 50, max: 2_000 };

/** Batches on their way at once: the next leaves while readers still commit the one before. */
const maxFlights = 4;
/** Longest time and most rows until the next reading, which forgets what the bus has. */
const forget = { ms: 50, rows: 200 } as const;

/**
 * Sends the outbox in the order of its rows and forgets a row when the bus has it. A crash in between sends it again:
 * readers know messages by id. One replica at a time does this, so a late duplicate can never overtake a first arrival.
 *
 * The relay sends rows this process has just committed without reading them back. It may only do so while no other row
 * can precede them: after a commit whose rows it was not given, it reads the table to its end first.
 *
 * States, and what leaves each:
 *   standing by   another replica sends; a commit here is signalled to it. Left when a reading gets rows (`isHolder`).
 *   reading       rows may lie in the table in front of what is committed now (`isBehind`), or it is time to look
 *                 (`isDue`). Left when a reading finds the end of the table.
 *   following     rows committed here are sent from memory, behind all that was read (`fresh`). Left by a commit whose
 *                 rows were not given, by a failed batch, and when another replica has taken over.
 *   waiting       a batch has failed (`failure`): what is on its way lands, and the table is read again after a pause.
 *   stopping      nothing more is taken up (`isStopping`): what is on its way lands, and the lease is given back.
 */
export function createRelay(deps: RelayDeps) {
  let isStopping = false;
  let isRunning = false;
  let again = false;
  /** Rows of this process may lie in the table that are not in `fresh`, and what it commits now may follow them. */
  let isBehind = true;
  /** It is time to look at the table: for what others have written, and to forget what the bus has. */
  let isDue = true;
  /** This replica was the one that sends at the last reading. If it no longer is, it repeats what readers know. */
  let isHolder = false;
  /** Rows committed here, in this order, behind all that was read. */
  let fresh: Posted[] = [];
  /** This process has written something since it last looked. */
  let isNews = false;
  const appointment = createAppointment(read);
  let current: Promise<void> = Promise.resolve();
  let delay = retryMs.first;
  const table = createOutboxReader(deps);
  const flying = new Set<string>();
  const flights = new Set<Promise<void>>();
  let failure: { readonly thrown: unknown } | undefined;
  /** Leaves the caller's async context: what is sent next does not belong to the caller that gave the sign. */
  const detached = AsyncLocalStorage.snapshot();
  const { aroundSend } = deps.hooks;
  const bus: Publisher =
    aroundSend === undefined
      ? deps.bus
      : { publish: (topic, messages) => aroundSend(topic, messages, (list) => deps.bus.publish(topic, list)) };

  async function drain(): Promise<void> {
    for (;;) {
      again = false;
      if (flights.size >= maxFlights) await Promise.race(flights);
      if (failure !== undefined) {
        // What is behind a failed batch must not arrive before it.
        await Promise.all(flights);
        const { thrown } = failure;
        failure = undefined;
        leaveToTable();
        throw thrown;
      }
      if (fresh.length > 0) launch(fresh.splice(0, rowsAtOnce));
      else if (isBehind || isDue) await readOn();
      else return;
    }
  }

  /** Takes the next rows of the table, which are in front of whatever is committed from now on. */
  async function readOn(): Promise<void> {
    isBehind = false;
    isDue = false;
    let rows: Posted[] | undefined;
    try {
      rows = await table.next(rowsAtOnce, flying);
    } catch (thrown) {
      leaveToTable();
      throw thrown;
    }
    if (failure !== undefined) return leaveToTable();
    isHolder = rows !== undefined;
    if (rows === undefined) {
      if (isNews) deps.db.signals.tell(deps.channel, 'outbox');
      isNews = false;
      fresh = [];
      return;
    }
    isNews = false;
    if (rows.length === rowsAtOnce) leaveToTable();
    launch(rows);
  }

  function leaveToTable(): void {
    isBehind = true;
    fresh = [];
  }

  function launch(rows: readonly Posted[]): void {
    if (rows.length === 0) return;
    for (const row of rows) flying.add(row.pos);
    // Committed while the table was read, which may have shown them already.
    fresh = fresh.filter((row) => !flying.has(row.pos));
    const byTopic = Map.groupBy(rows, (row) => row.topic);
    const flight = Promise.all([...byTopic].map(([topic, list]) => fly(topic, list))).then(() => {
      flights.delete(flight);
      for (const row of rows) flying.delete(row.pos);
      deps.failpoint('after-send-before-mark');
      if (failure !== undefined) run();
      else if (table.sentCount() >= forget.rows) read();
      else appointment.at(forget.ms);
    });
    flights.add(flight);
  }

  async function fly(topic: string, rows: readonly Posted[]): Promise<void> {
    try {
      const messages = rows.flatMap((row) => row.messages);
      await send(bus, topic, messages, deps.hooks);
      deps.hooks.onRelayed?.({ topic, messages: messages.length });
      delay = retryMs.first;
      table.hasSent(rows);
    } catch (thrown) {
      failure ??= { thrown };
    }
  }

  function read(): void {
    isDue = true;
    run();
  }

  function run(): void {
    if (isStopping) return;
    if (isRunning) {
      again = true;
      return;
    }
    isRunning = true;
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
        else if (!isStopping) appointment.at(ms);
      });
  }

  const unlisten = deps.db.signals.listen(deps.channel, read);
  return {
    /** This process has committed something to send. `rows`: these, and they follow nothing that others have written. */
    notify(rows?: readonly Posted[]): void {
      isNews = true;
      if (rows !== undefined && isHolder && !isBehind) fresh.push(...rows);
      else leaveToTable();
      detached(run);
    },
    /** Sends what is left, as far as the bus takes it, and lets another replica take over. */
    async stop(): Promise<void> {
      isStopping = true;
      unlisten();
      appointment.cancel();
      await current;
      await Promise.all(flights);
      await table
        .next(0, flying)
        .then(table.letGo)
        .catch((thrown) => deps.hooks.onTrouble?.("giving the relay's lease back", thrown));
    },
  };
}
/** The bus stops before its writers do: what it no longer takes stays in the outbox. */
function isBusStopped(thrown: unknown): boolean {
  return isParleyError(thrown) && thrown.code === 'BUS_STOPPED';
}

export type Relay = ReturnType<typeof createRelay>;
