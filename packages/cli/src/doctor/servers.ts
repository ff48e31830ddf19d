import { missingTopics } from '@parley/bus/kafka';
import { messageOf, topics } from '@parley/contracts';
import { type Env, kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { checkMigrated, openPostgres } from '@parley/spine';
import { keysEnv } from '../operating/keys.ts';
import { serviceSchemas } from '../operating/migrate.ts';
import type { Check, Outcome } from './finding.ts';

/** Tokens are refused by a service whose clock is further off (`services/gateway/src/access/jwt.ts`). */
export const mostSkewMs = 5_000;
export const clockRemedy = 'sudo timedatectl set-ntp true';

/** The servers that services in processes of their own need; `parley up` brings its own of both. */
export function serverChecks(environment: Env, self: string): Check[] {
  return [
    {
      component: 'Postgres',
      needed: 'a server that answers (DATABASE_URL)',
      remedy: 'npm run postgres -- up && export DATABASE_URL=$(npm run --silent postgres -- url)',
      look: () => (environment.DATABASE_URL ? lookAtPostgres(environment, self) : embedded('the embedded database')),
    },
    {
      component: 'Kafka',
      needed: 'brokers that answer (KAFKA_BROKERS)',
      remedy: 'npm run kafka -- up && export KAFKA_BROKERS=$(npm run --silent kafka -- url)',
      look: () => (environment.KAFKA_BROKERS ? lookAtKafka(environment, self) : embedded('the bus in memory')),
    },
  ];
}

const embedded = async (what: string): Promise<Outcome> => ({ found: `none is named: ${what} is used` });

async function lookAtPostgres(environment: Env, self: string): Promise<Outcome[]> {
  const db = openPostgres({ url: readEnv(keysEnv, environment).DATABASE_URL, poolSize: 1 });
  try {
    const before = Date.now();
    const [server] = await db.query<{ version: string; now: number }>(
      "select current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::float8 as now",
    );
    const aheadMs = Math.round((server?.now ?? 0) - (before + Date.now()) / 2);
    const schemas: Outcome[] = [];
    for (const schema of Object.values(serviceSchemas)) {
      const component = `schema ${schema.schema}`;
      const needed = 'all migrations of this build';
      schemas.push(
        await checkMigrated(db, schema).then(
          () => ({ component, needed, found: 'as this build needs it' }),
          (thrown) =>
            ({ component, needed, status: 'missing', found: messageOf(thrown), remedy: `${self} migrate` }) as const,
        ),
      );
    }
    return [{ found: server?.version ?? 'a server without a version' }, ...schemas, clock("Postgres'", aheadMs)];
  } finally {
    await db.close();
  }
}

/** A clock beside that of this machine. */
export function clock(whose: string, aheadMs: number): Outcome {
  // The date that HTTP carries has no parts of a second.
  const isNear = Math.abs(aheadMs) < 1_000;
  const off = isNear
    ? 'less than 1 s off'
    : `${(Math.abs(aheadMs) / 1_000).toFixed(0)} s ${aheadMs < 0 ? 'behind' : 'ahead'}`;
  const isRight = Math.abs(aheadMs) <= mostSkewMs;
  const status = isRight ? 'ok' : 'missing';
  return {
    component: `${whose} clock`,
    status,
    found: off,
    needed: `within ${mostSkewMs / 1_000} s of this one`,
    remedy: clockRemedy,
  };
}

async function lookAtKafka(environment: Env, self: string): Promise<Outcome[]> {
  const connection = kafkaConnection(readEnv(kafkaEnv, environment), 'parley-doctor');
  const missing = await missingTopics(connection, Object.values(topics));
  const found = missing.length === 0 ? 'all there' : `without ${missing.join(', ')}`;
  return [
    { found: connection.brokers.join(', ') },
    {
      component: 'topics',
      needed: 'all of docs/topics.md',
      status: missing.length === 0 ? 'ok' : 'missing',
      found,
      remedy: `${self} topics`,
    },
  ];
}
