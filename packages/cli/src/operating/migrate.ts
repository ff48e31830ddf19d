import type { ServiceName } from '@parley/contracts';
import { type Database, grantApp, migrate, type ServiceSchema } from '@parley/spine';
import { modules } from '../services.ts';

/** Every service's schema, by the name that the service is deployed under. */
export const serviceSchemas = Object.fromEntries(modules.map(({ name, schema }) => [name, schema])) as Readonly<
  Record<ServiceName, ServiceSchema>
>;

/** The role that a service logs in as. */
export function roleOf(service: ServiceName): string {
  return `parley_${serviceSchemas[service].schema}`;
}

/** The variable that names a role's password. */
export function passwordVariable(service: ServiceName): string {
  return `PARLEY_PASSWORD_${serviceSchemas[service].schema.toUpperCase()}`;
}

/** Migrates every schema, as the owner, and gives the role of each service that has a password its rights. */
export async function migrateAll(
  db: Database,
  passwords: Readonly<Partial<Record<ServiceName, string>>>,
): Promise<void> {
  for (const { name, schema } of modules) {
    await migrate(db, schema);
    const password = passwords[name];
    if (password !== undefined) await grantApp(db, schema, { name: roleOf(name), password });
  }
}
