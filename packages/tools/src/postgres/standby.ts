import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type Database, openPostgres } from '@parley/spine';
import { writeKept } from '../component/place.ts';
import { isContainer } from '../container/engine.ts';
import { freePort } from '../ports.ts';
import { type PostgresInfo, type PostgresKept, type PostgresOptions, postgres } from './cluster.ts';
import { dataOf } from './native-server.ts';
import { giveToServer, runAsServer } from './server-process.ts';
import { serverSettings } from './server-settings.ts';

/** Most attempts to copy a running server's files, which may come and go meanwhile. */
const copies = 5;
/** What a base backup leaves out: the primary's own. Source: PostgreSQL 18 documentation, 25.3.4. */
const notOfStandby = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot'] as const;
const unavailable = (why: string) => new ParleyError('DATABASE_UNAVAILABLE', why);

export interface StandbyOptions extends PostgresOptions {
  /** The name of the running cluster that it follows. */
  readonly of: string;
}

/**
 * Starts a streaming standby of a running cluster, under a name of its own. From then on the primary acknowledges no
 * commit that the standby does not hold.
 * @throws ParleyError DATABASE_UNAVAILABLE
 */
export async function postgresStandbyUp({ of, ...options }: StandbyOptions): Promise<PostgresInfo> {
  const primaryOptions = { ...options, name: of };
  const primary = await postgres.status(primaryOptions);
  const known = await postgres.known(primaryOptions);
  if (primary === undefined || known === undefined) throw unavailable(`The cluster "${of}" is down; start it first.`);
  const { kept } = known;
  if (isContainer<PostgresKept>(kept)) {
    throw unavailable(`The cluster "${of}" runs in a container, and its files cannot be copied from here.`);
  }
  return postgres.hold(options, async (at) => {
    const running = await postgres.status(options);
    if (running !== undefined) return running;
    const data = dataOf(at);
    const slot = `parley_${at.name.replaceAll('-', '_')}`;
    return withServer(primary.url, async (db) => {
      await db.query('select pg_create_physical_replication_slot($1, true)', [slot]);
      await mkdir(at.folder, { recursive: true });
      await giveToServer(at.folder);
      await backUp(db, primary.dataDir, data);
      const { hostname, port, username, password } = new URL(primary.url);
      const settings = {
        primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password} application_name=${slot}`,
        primary_slot_name: slot,
      };
      const own = await freePort(0);
      await put(join(data, 'parley.conf'), serverSettings(own, { settings }));
      await put(join(data, 'standby.signal'), '');
      const ownKept = { ...kept, port: own };
      await writeKept(at, ownKept);
      const started = await postgres.start(at, ownKept);
      await db.query(`alter system set synchronous_standby_names = '${slot}'`);
      await db.query('select pg_reload_conf()');
      return started;
    });
  });
}

/** Makes a standby the server that takes writes; resolves when it does. */
export async function postgresPromote(options: PostgresOptions): Promise<PostgresInfo> {
  const running = await postgres.status(options);
  if (running === undefined) throw unavailable('The standby is down, so it cannot be promoted.');
  await withServer(running.url, async (db) => {
    const [row] = await db.query<{ is_done: boolean }>('select pg_promote(true, 20) as is_done');
    if (row?.is_done !== true) throw unavailable(`The standby goes on recovering; its log is ${running.logFile}.`);
  });
  return running;
}

async function withServer<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openPostgres({ url, poolSize: 2 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** A base backup by hand: npm's server comes without pg_basebackup. Source: PostgreSQL 18 documentation, 25.3.3. */
async function backUp(db: Database, from: string, to: string): Promise<void> {
  await db.client(async (client) => {
    await client.query(`select pg_backup_start('parley', true)`);
    for (let attempt = 1; ; attempt++) {
      await rm(to, { recursive: true, force: true });
      const { code, output } = await runAsServer('cp', ['-a', from, to]);
      if (code === 0) break;
      if (attempt === copies) throw unavailable(`The files of ${from} cannot be copied: ${output.trim()}`);
    }
    for (const name of notOfStandby) {
      const path = join(to, name);
      if (name.startsWith('postmaster')) await rm(path, { force: true });
      else for (const each of await readdir(path)) await rm(join(path, each), { recursive: true, force: true });
    }
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await put(join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  });
}

/** Writes a file that the server may read, rename and remove. */
async function put(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await giveToServer(path);
}
