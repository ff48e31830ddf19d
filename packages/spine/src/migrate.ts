import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { type Database, quoteSchema } from './database.ts';

const spineMigrations = fileURLToPath(new URL('../migrations', import.meta.url));

/**
 * Brings a service's schema to what this build needs: first the spine's tables, then the service's own. Safe when
 * many replicas start at once: they wait for each other (node-pg-migrate's default is to fail).
 */
export async function migrate(db: Database, options: { schema: string; dir?: string }): Promise<void> {
  quoteSchema(options.schema);
  const folders = [{ dir: spineMigrations, migrationsTable: 'spine_migration' }];
  if (options.dir !== undefined) folders.push({ dir: options.dir, migrationsTable: 'service_migration' });
  await db.client(async (client) => {
    for (const folder of folders) {
      await runner({
        ...folder,
        dbClient: client,
        schema: options.schema,
        migrationsSchema: options.schema,
        createSchema: true,
        direction: 'up',
        advisoryLockMode: 'wait',
        log: () => {},
      });
    }
    await client.query('reset search_path');
  });
}
