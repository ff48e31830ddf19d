import type { PGlite } from '@electric-sql/pglite';
import { PglitePgConnection } from '@electric-sql/pglite/node-postgres';
import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import pg from 'pg';

/** One opened PGlite. It lives until Postgres ends itself, which it does when its log cannot be written or synced. */
export interface Instance {
  readonly pglite: PGlite;
  readonly hasAborted: () => boolean;
  /** Gives back what the operating system lent to an instance that has aborted. */
  dispose(): Promise<void>;
}

/** Pause between two attempts to open again: each costs a second of CPU and finds the disk still full. */
const attemptsEveryMs = 2_000;

type Message = Awaited<ReturnType<PGlite['execProtocolStream']>>[number];

/**
 * Keeps an embedded Postgres open. States: open → (PANIC or FATAL: the WASM aborts, everything in flight fails with
 * DATABASE_UNAVAILABLE) → dead → (`ready` opens the folder again, which replays the log) → open. A dead instance is
 * never called again: it would spin for ever in its protocol loop.
 */
export async function createReopening(open: () => Promise<Instance>) {
  let instance = await open();
  let death: ParleyError | undefined;
  let prepared = {};
  let opening: Promise<void> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  function die(reason: string, cause?: unknown): ParleyError {
    death ??= unavailable(`The embedded database ended itself: ${reason}.`, cause);
    return death;
  }

  async function reopen(): Promise<void> {
    if (performance.now() - failedAt < attemptsEveryMs) throw failure;
    try {
      await instance.dispose();
      instance = await open();
      prepared = {};
      death = undefined;
    } catch (thrown) {
      failedAt = performance.now();
      failure = isParleyError(thrown)
        ? thrown
        : unavailable(`The embedded database cannot be opened again: ${messageOf(thrown)}. Is the disk full?`, thrown);
      throw failure;
    }
  }

  /** What a pg client talks to. A dead instance answers with one error event, as a broken socket does. */
  function connection(): PglitePgConnection {
    const { pglite, hasAborted } = instance;
    let isTold = false;
    const tell = (error: ParleyError): Message[] => {
      if (!isTold && made.listenerCount('error') > 0) made.emit('error', error);
      isTold = true;
      return [];
    };
    const guarded: Pick<PGlite, 'waitReady' | 'execProtocolStream'> = {
      waitReady: Promise.resolve(),
      async execProtocolStream(...args) {
        if (death !== undefined || pglite !== instance.pglite) return tell(death ?? die('it was opened again'));
        try {
          const messages = await pglite.execProtocolStream(...args);
          const fatal = messages.find(isFatal);
          if (fatal === undefined && !hasAborted()) return messages;
          return tell(die(fatal === undefined ? 'it aborted' : messageOf(fatal), fatal));
        } catch (thrown) {
          return tell(die(messageOf(thrown), thrown));
        }
      },
    };
    const made = new PglitePgConnection({ pglite: guarded as PGlite });
    // Statements belong to the session, and all clients of one instance share its only one.
    made.parsedStatements = prepared;
    return made;
  }

  return {
    /** @throws ParleyError DATABASE_UNAVAILABLE while the folder cannot be opened. */
    async ready(): Promise<void> {
      if (death === undefined) return;
      opening ??= reopen().finally(() => {
        opening = undefined;
      });
      await opening;
    },
    /** Client class for a pool of one. */
    Client: class extends pg.Client {
      constructor(config?: pg.ClientConfig) {
        super({ ...config, connection: connection() } as pg.ClientConfig);
      }
    },
    async close(): Promise<void> {
      await opening?.catch(() => {});
      await (death === undefined ? instance.pglite.close() : instance.dispose());
    },
  };
}

function isFatal(message: Message): boolean {
  const { name, severity } = message as { name: string; severity?: string };
  return name === 'error' && (severity === 'PANIC' || severity === 'FATAL');
}

function unavailable(sentence: string, cause: unknown): ParleyError {
  return new ParleyError('DATABASE_UNAVAILABLE', sentence, { retryable: true, retryAfterMs: attemptsEveryMs, cause });
}
