import { type Database, quoteSchema } from './database.ts';
import type { ServiceSchema } from './migrate.ts';

/** The role that a service's processes log in as. */
export interface AppRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Makes the role if it is missing, gives it this password, and the rights that a service needs: rows of its own schema
 * and nothing else. No DDL, no truncate, no other schema, and the event log is for inserting and reading.
 * To be run as the schemas' owner, after `migrate`.
 */
export async function grantApp(db: Database, service: ServiceSchema, role: AppRole): Promise<void> {
  const s = quoteSchema(service.schema);
  const r = quoteSchema(role.name);
  const appendOnly = ['event', ...(service.appendOnly ?? [])].map((table) => `${s}.${quoteSchema(table)}`);
  await db.transaction(async (tx) => {
    // Roles belong to the server: two jobs on two databases would make the same one at once.
    await tx.query('select pg_advisory_xact_lock(hashtext($1))', [`parley role ${role.name}`]);
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
