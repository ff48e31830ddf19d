import { debaterOf } from '@parley/debater';
import { gatewaySchema } from '@parley/gateway';
import { moderatorSchema } from '@parley/moderator';
import { type Database, grantApp, migrate, type ServiceSchema } from '@parley/spine';

/** Every service's schema, by the name that the service is deployed under. */
export const serviceSchemas = {
  gateway: gatewaySchema,
  moderator: moderatorSchema,
  'debater-a': debaterOf.pro,
  'debater-b': debaterOf.con,
} as const satisfies Record<string, ServiceSchema>;
export type ServiceName = keyof typeof serviceSchemas;
export const serviceNames = Object.keys(serviceSchemas) as ServiceName[];

/** The role that a service logs in as. */
export function roleOf(service: ServiceName): string {
  return `parley_${serviceSchemas[service].schema}`;
}

/** The variable that names a role's password. */
export function passwordVariable(service: ServiceName): string {
  return `PARLEY_PASSWORD_${serviceSchemas[service].schema.toUpperCase()}`;
}

/** As the owner: migrates every schema, and gives the role of each service that has a password its rights. */
export async function migrateAll(
  db: Database,
  passwords: Readonly<Partial<Record<ServiceName, string>>>,
): Promise<void> {
  for (const service of serviceNames) {
    await migrate(db, serviceSchemas[service]);
    const password = passwords[service];
    if (password !== undefined) await grantApp(db, serviceSchemas[service], { name: roleOf(service), password });
  }
}
