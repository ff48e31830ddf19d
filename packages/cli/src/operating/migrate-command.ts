import { type ServiceName, serviceNames } from '@parley/contracts';
import { readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { z } from 'zod';
import type { Call } from '../command-line/command.ts';
import { type WaitFlags, withPatience } from '../command-line/patience.ts';
import { migrateAll, passwordVariable, roleOf, serviceSchemas } from './migrate.ts';

const password = z.string().min(8, 'expected at least 8 characters').optional();

/** The environment of `parley migrate`. */
export const migrateEnv = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
    .describe('The database, as a role that may create schemas and roles.'),
  ...Object.fromEntries(
    serviceNames.map((service) => [
      passwordVariable(service),
      password.describe(
        `Password of the role "${roleOf(service)}"; without it the role and its rights stay as they are.`,
      ),
    ]),
  ),
});

/** `parley migrate`: the job that goes before a new build. */
export async function migrateCommand({ flags, env: environment, terminal, print }: Call<WaitFlags>): Promise<number> {
  const env = readEnv(migrateEnv, environment) as Readonly<Record<string, string | undefined>>;
  const db = openPostgres({ url: env.DATABASE_URL ?? '', poolSize: 1 });
  const passwords: Partial<Record<ServiceName, string>> = {};
  for (const service of serviceNames) {
    const given = env[passwordVariable(service)];
    if (given !== undefined) passwords[service] = given;
  }
  try {
    await withPatience(flags, () => migrateAll(db, passwords), terminal.note);
  } finally {
    await db.close();
  }
  const roles = serviceNames.filter((service) => passwords[service] !== undefined).map(roleOf);
  const schemas = serviceNames.map((service) => serviceSchemas[service].schema);
  print(
    { schemas, roles },
    () => `${schemas.length} schemas are up to date. Roles: ${roles.join(', ') || 'untouched'}.`,
  );
  return 0;
}
