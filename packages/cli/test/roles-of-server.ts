import pg from 'pg';

/**
 * Waits until no other test file has the roles of this server, and takes them. Roles and their passwords belong to a
 * server, not to one of its databases. Resolves to what gives them back.
 */
export async function takeRoles(server: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`select pg_advisory_lock(hashtext('roles of a test'))`);
  return () => client.end();
}
