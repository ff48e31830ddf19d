import { type Database, quoteSchema } from './database.ts';
import type { ServiceSchema } from './migrate.ts';
import { isCatalogRace } from './pg-errors.ts';

/** The role that a service's processes log in as. */
export interface AppRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Most attempts. Grants of one database wait for each other; roles belong to the server, and those of its other
 * databases cannot be waited for: a lock is known in its own database alone.
 */
const attempts = 10;
/** Longest pause after the first attempt, in milliseconds. A pause is a random share of it, times the attempts. */
const pauseMs = 50;

/**
 * Makes the role if it is missing, gives it this password, and the rights that a service needs: rows of its own schema
 * and nothing else. No DDL, no truncate, no other schema, and the event log is for inserting and reading.
 * Runs as the schemas' owner, after `migrate`.
 */
export async function grantApp(db: Database, service: ServiceSchema, role: AppRole): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await grantOnce(db, service, role);
    } catch (thrown) {
      if (attempt === attempts || !isCatalogRace(thrown)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMs * attempt));
    }
  }
}

async function grantOnce(db: Database, service: ServiceSchema, role: AppRole): Promise<void> {
  const s = quoteSchema(service.schema);
  const r = quoteSchema(role.name);
  const appendOnly = ['event', ...(service.appendOnly ?? [])].map((table) => `${s}.${quoteSchema(table)}`);
  await db.transaction(async (tx) => {
    // One lock for all roles: each writes the row of the database itself, and the row of the schema "public".
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', ['parley grants']);
    const known = await tx.query('select from pg_roles where rolname = $1', [role.name]);
    if (known.length === 0) await tx.query(`create role ${r}`);
    const made = await tx.query<{ texts: string[] }>(
      `select array[
        format('alter role %I login nosuperuser nocreatedb nocreaterole nobypassrls password %L', $1::text, $2::text),
        format('revoke all on database %I from public', current_database()),
        format('grant connect on database %I to %I', current_database(), $1::text)] as texts`,
      [role.name, role.password],
    );
    await tx.query((made[0]?.texts ?? []).join('; '));
    await tx.query(`revoke all on schema public from public;
      revoke all on schema ${s} from public;
      grant usage on schema ${s} to ${r};
      grant select, insert, update, delete on all tables in schema ${s} to ${r};
      revoke update, delete on ${appendOnly.join(', ')} from ${r};
      grant usage on all sequences in schema ${s} to ${r}`);
    await tx.query(`alter role ${r} set search_path = ${s}`);
  });
}
