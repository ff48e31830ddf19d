import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { streamKinds } from '@parley/contracts';
import { deadLetterPage, parkedPage } from '@parley/contracts/http';
import { type Database, grantApp, migrate, openPostgres, type Sql, type Transaction } from '@parley/spine';
import { gatewaySchema } from '../src/app.ts';
import { openApiDocument } from '../src/openapi.ts';
import { bearer, type Headers, keyFor } from './credentials.ts';
import { databases, type TestDatabase } from './databases.ts';
import { bury, factsOf, failedReplay, letterOf, park, publish } from './fake-moderator.ts';
import { askingRun, oneOfEachKind } from './one-of-each-kind.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

const tenant = 'acme';
const tables =
  /\b(stream_listing|stream_event|debate|debate_event|replay|idempotency_key|usage|parked|api_key|audit|ticket|push_config|dead_letter|open_stream)\b/;

/** What a request does for no tenant: it finds out which one it is of, or counts for the operator's page. */
const ofNobody: readonly RegExp[] = [
  /^select id, tenant, scopes, secret_hash, .* from "gateway"\.api_key where id = \$1$/s,
  /^delete from "gateway"\.ticket where hash = \$1 returning tenant/,
  /^select service, count\(\*\)::integer as n from "gateway"\.dead_letter /,
];

interface Statement {
  readonly route: string;
  readonly text: string;
  readonly isOurs: boolean;
  /** What the server says the tenant of the transaction is, or what was last set where that cannot be asked beside. */
  readonly scope: Promise<string | null>;
}

/** Writes down every statement of a request, with the tenant that the database holds it to. */
function recording(db: Database, route: AsyncLocalStorage<string>) {
  const statements: Statement[] = [];
  const over = (sql: Sql): Sql['query'] => {
    return <Row>(text: string, values?: readonly unknown[]) => {
      const on = route.getStore();
      if (on !== undefined && tables.test(text)) {
        const scope = sql
          .query<{ scope: string | null }>(`select current_setting('parley.tenant', true) as scope`, [])
          .then(([row]) => row?.scope ?? null);
        scope.catch(() => {});
        const isOurs = (values ?? []).some(
          (value) => value === tenant || (Array.isArray(value) && value.includes(tenant)),
        );
        statements.push({ route: on, text: text.trim(), isOurs, scope });
      }
      return sql.query<Row>(text, values);
    };
  };
  const recorded: Database = {
    ...db,
    query: over(db),
    transaction: (work, options) =>
      db.transaction((tx: Transaction) => {
        const query = over(tx);
        const finishing = over({ query: tx.query });
        return work({
          query,
          finish: async (text, values) => {
            return finishing(text, values) as never;
          },
        });
      }, options),
  };
  return { recorded, statements };
}

describe.each(databases)('The tenant of each statement over $name', (kind) => {
  let database: TestDatabase;
  let app: Database;
  let gateway: RunningGateway;
  let admin: Headers;
  let statements: readonly Statement[];
  const route = new AsyncLocalStorage<string>();
  const role = { name: `scope_${randomUUID().slice(0, 8)}`, password: randomUUID() };

  beforeAll(async () => {
    database = await kind.open();
    await migrate(database.db, gatewaySchema);
    if (database.url === undefined) app = database.db;
    else {
      await grantApp(database.db, gatewaySchema, role);
      const url = Object.assign(new URL(database.url), { username: role.name, password: role.password }).href;
      app = openPostgres({ url, poolSize: 5 });
    }
    const made = recording(app, route);
    statements = made.statements;
    gateway = await startGateway(made.recorded, {
      owner: database.db,
      auth: {},
      first: (request, _response, next) => route.run(String(request.get('x-route') ?? request.path), next),
    });
    admin = bearer(await keyFor(database.db, tenant));
  });
  afterAll(async () => {
    await gateway.stop();
    if (database.url !== undefined) {
      await app.close();
      await database.db.query(`drop owned by ${role.name}; drop role ${role.name}`);
    }
    await database.close();
  });

  /** One of each kind of thing, of this tenant. */
  async function things() {
    const ids = {
      running: await gateway.debate('Tea', { ...admin }),
      over: await gateway.debate('Coffee', { ...admin }),
    };
    await publish(
      gateway.bus,
      factsOf(ids.over, 2).map((message) => ({ ...message, tenant })),
    );
    await park(gateway.bus, ids.running, tenant);
    await bury(gateway.bus, [letterOf(tenant, 1)]);
    const key = (await gateway.post('/v1/keys', { name: 'One', scopes: ['read'] }, admin)).json as { id: string };
    const replay = (await gateway.post(`/v1/debates/${ids.over}/replays`, {}, admin)).json as { id: string };
    await publish(gateway.bus, [{ ...failedReplay(ids.over, replay.id), tenant }]);
    const { parked } = parkedPage.parse((await gateway.get('/v1/parked', admin)).json);
    const { letters } = deadLetterPage.parse((await gateway.get('/v1/dead-letters', admin)).json);
    const others = await oneOfEachKind(gateway, admin, tenant);
    const asking = await askingRun(gateway, admin, tenant);
    return {
      ...ids,
      others,
      asking,
      key: key.id,
      replay: replay.id,
      parked: parked[0]?.id ?? '',
      letter: letters[0]?.id ?? '',
    };
  }

  test('is that of the caller, in the database and in its text, on every route of the OpenAPI document', async () => {
    const known = await things();
    const operations = Object.entries(openApiDocument().paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, one]) => ({ method: method.toUpperCase(), path, body: one.requestBody })),
    );
    expect(operations.length).toBeGreaterThan(25);
    // What ends something comes last.
    const ending = /cancel|rotate|DELETE|unpark|dead-letters\/.*replay/;
    operations.sort((a, b) => Number(ending.test(a.method + a.path)) - Number(ending.test(b.method + b.path)));
    const answered = new Map<string, number>();
    for (const { method, path, body } of operations) {
      const over = /events|ws|transcript|replays|history/.test(path);
      const id = path.includes('/keys/')
        ? known.key
        : path.includes('/parked/')
          ? known.parked
          : path.includes('/dead-letters/')
            ? known.letter
            : path.startsWith('/v1/replays/')
              ? known.replay
              : path.startsWith('/v1/runs/') && !over
                ? known.asking
                : (known.others.get(path.split('/')[2] ?? '') ?? (over ? known.over : known.running));
      const filled = path
        .replace('{name}', 'calculator')
        .replace(/\{(replay|replayId|rid)\}/g, known.replay)
        .replace(/\{\w+\}/, id)
        .replace(/\{\w+\}/g, known.replay);
      const name = `${method} ${path}`;
      const examples = body?.content['application/json'] as
        | { examples?: Record<string, { value: unknown }> }
        | undefined;
      const example = Object.values(examples?.examples ?? {})[0]?.value ?? {};
      const url = /\/start_debate/.test(path) ? `${filled}?topic=Tea` : filled;
      const response = await fetch(gateway.url + url, {
        method,
        headers: { ...admin, 'x-route': name, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
        signal: AbortSignal.timeout(10_000),
        ...(method === 'GET' ? {} : { body: JSON.stringify(example) }),
      });
      answered.set(name, response.status);
      if (over) await response.body?.cancel();
      else await response.arrayBuffer();
    }
    const good = [...answered].filter(([, status]) => status < 400).map(([name]) => name);
    const refused = [...answered.keys()].filter((name) => !good.includes(name));
    expect(refused).toEqual(streamKinds.map(({ path }) => `GET /v1/${path}/{id}/ws`));

    const strange: string[] = [];
    const seen = new Set<string>();
    for (const { route: on, text, isOurs, scope } of statements) {
      if (ofNobody.some((known) => known.test(text))) continue;
      const held = await scope.catch(() => 'the transaction had failed');
      seen.add(on);
      if (held !== tenant || !isOurs)
        strange.push(`${on}: for "${held}", tenant ${isOurs ? '' : 'not '}in it: ${text}`);
    }
    expect([...new Set(strange)]).toEqual([]);
    expect(seen.size).toBeGreaterThan(good.length / 2);
  }, 120_000);
});
