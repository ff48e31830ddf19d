import { randomBytes, randomUUID } from 'node:crypto';
import { messageOf } from '@parley/contracts';
import { folderTrouble, reasonOf } from '../database/data-folder.ts';
import { type Database, quoteSchema } from '../database/database.ts';
import { type StorageTrouble, storageTrouble } from '../database/pg-errors.ts';

export interface WriteCheckOptions {
  readonly db: Database;
  /** One that this process may insert into. */
  readonly schema: string;
  readonly now?: () => number;
}

/** Time for which an answer is kept, in milliseconds: a caller that asks more often gets the last one. */
const keptMs = 1_000;
/** Time for which the check asks for space after a write that failed for want of space, in milliseconds. */
const suspiciousMs = 60_000;
/** Bytes that the check asks for: more than the tables' pages have free, so that a file must grow. */
const spaceBytes = 256 * 1024;

/**
 * Whether the database takes writes at this moment, by writing: a record of the log that nobody reads. After a write
 * that failed for want of space it asks for space too, which small writes may not need. Nothing is written unless
 * somebody asks.
 * @returns a check that resolves to a word, and rejects with cause and remedy.
 */
export function createWriteCheck({ db, schema, now = () => performance.now() }: WriteCheckOptions) {
  const s = quoteSchema(schema);
  let asked: { readonly atMs: number; readonly answer: Promise<string> } | undefined;

  const refusing = (trouble: StorageTrouble, cause?: unknown): Error => {
    const said = cause === undefined ? '' : ` (${messageOf(cause)})`;
    return new Error(`takes no writes: ${reasonOf(trouble, db.dataDir)}${said}`, { cause });
  };

  /** Throws to undo what it wrote. */
  async function askForSpace(): Promise<void> {
    const undone = new Error('undone');
    const work = db.transaction(async (tx) => {
      await tx.query(
        `insert into ${s}.inbox (id, stream_id, kind, state, type, data)
         values ($1, 'write-check', 'write-check', 'handled', 'write-check', to_json($2::text))`,
        [`write-check/${randomUUID()}`, randomBytes(spaceBytes).toString('base64')],
      );
      throw undone;
    });
    await work.catch((thrown) => {
      if (thrown !== undone) throw thrown;
    });
  }

  async function write(): Promise<void> {
    const [row] = await db.query<{ is_read_only: boolean }>(
      `select current_setting('transaction_read_only') = 'on' as is_read_only,
         case current_setting('transaction_read_only') when 'off' then pg_logical_emit_message(true, 'parley', '') end`,
      [],
    );
    if (row?.is_read_only) throw refusing('read-only');
  }

  async function check(): Promise<string> {
    const trouble = db.dataDir === undefined ? undefined : await folderTrouble(db.dataDir);
    if (trouble !== undefined) throw refusing(trouble);
    try {
      const last = db.lastTrouble();
      await write();
      if (last !== undefined && now() - last.atMs < suspiciousMs) await askForSpace();
    } catch (thrown) {
      const found = storageTrouble(thrown);
      throw found === undefined ? thrown : refusing(found, thrown);
    }
    return 'takes writes';
  }

  return (): Promise<string> => {
    if (asked === undefined || now() - asked.atMs >= keptMs) asked = { atMs: now(), answer: check() };
    return asked.answer;
  };
}
