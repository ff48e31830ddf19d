import { type Env, readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { z } from 'zod';
import { migrateAll, passwordVariable, roleOf, type ServiceName, serviceNames } from './migrate.ts';
import { type WaitFlags, withPatience } from './patience.ts';

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

/** `parley migrate`: the job that goes before a new build. Resolves to the exit code. */
export async function migrateCommand(flags: WaitFlags, environment: Env): Promise<number> {
  const env = readEnv(migrateEnv, environment) as Readonly<Record<string, string | undefined>>;
  const db = openPostgres({ url: env.DATABASE_URL ?? '', poolSize: 1 });
  const passwords: Partial<Record<ServiceName, string>> = {};
  for (const service of serviceNames) {
    const given = env[passwordVariable(service)];
    if (given !== undefined) passwords[service] = given;
  }
  try {
    await withPatience(flags, () => migrateAll(db, passwords));
  } finally {
    await db.close();
  }
  const granted = serviceNames.filter((service) => passwords[service] !== undefined).map(roleOf);
  console.log(`${serviceNames.length} schemas are up to date. Roles: ${granted.join(', ') || 'untouched'}.`);
  return 0;
}
