import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serviceNames } from '@parley/contracts';
import { type Database, openPostgres } from '@parley/spine';
import { type Finding, findingsOf } from '../src/doctor/finding.ts';
import { modelChecks } from '../src/doctor/models.ts';
import { clock, serverChecks } from '../src/doctor/servers.ts';
import { migrateAll } from '../src/operating/migrate.ts';

const server = process.env.PARLEY_TEST_DATABASE_URL || undefined;
const ollama = process.env.PARLEY_TEST_OLLAMA_HOST || undefined;
const brokers = process.env.PARLEY_TEST_KAFKA_BROKERS || undefined;

async function lookAt(env: Record<string, string>, checks = serverChecks): Promise<Map<string, Finding>> {
  const findings = (await Promise.all(checks(env, 'parley').map(findingsOf))).flat();
  return new Map(findings.map((one) => [one.component, one]));
}

test('without servers the embedded ones are used, and nothing is missing', async () => {
  const findings = await lookAt({});
  expect([...findings.values()].map(({ status }) => status)).toEqual(['ok', 'ok']);
});

test.each([
  [0, 'ok', 'less than 1 s off'],
  [-4_000, 'ok', '4 s behind'],
  [6_000, 'missing', '6 s ahead'],
])('a clock that is %d ms ahead is %s', (aheadMs, status, found) => {
  expect(clock("gateway's", aheadMs)).toMatchObject({ component: "gateway's clock", status, found });
});

(server === undefined ? describe.skip : describe)('a real Postgres', () => {
  const name = `doctor_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(server ?? 'postgres://none'), { pathname: `/${name}` }).href;
  let admin: Database;

  beforeAll(async () => {
    admin = openPostgres({ url: server ?? '', poolSize: 1 });
    await admin.query(`create database ${name}`);
  });
  afterAll(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.close();
  });

  test('lacks its schemas until it is migrated, and is right in time', async () => {
    const before = await lookAt({ DATABASE_URL: url });
    expect(before.get('Postgres')).toMatchObject({ status: 'ok', found: expect.stringMatching(/^\d+/) });
    expect(before.get('schema gateway')).toMatchObject({ status: 'missing', remedy: 'parley migrate' });
    expect(before.get("Postgres' clock")).toMatchObject({ status: 'ok', remedy: null });
    const owner = openPostgres({ url, poolSize: 1 });
    await migrateAll(owner, {});
    await owner.close();
    const after = await lookAt({ DATABASE_URL: url });
    expect([...after.values()].filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(after.size).toBe(serviceNames.length + 3);
  }, 60_000);
});

(brokers === undefined ? test.skip : test)(
  'a real Kafka answers, and its topics are there or named with the command that makes them',
  async () => {
    const findings = await lookAt({ KAFKA_BROKERS: brokers ?? '' });
    expect(findings.get('Kafka')).toMatchObject({ status: 'ok', found: brokers });
    const topics = findings.get('topics');
    if (topics?.status !== 'ok') expect(topics).toMatchObject({ status: 'missing', remedy: 'parley topics' });
  },
  60_000,
);

test.each([
  [{ PARLEY_MODEL: 'rehearsal' }, 'ok', null],
  [{}, 'missing', 'ollama serve & ollama pull qwen3:4b'],
  [{ PARLEY_MODEL: 'qwen3:4b' }, 'missing', 'ollama serve'],
])('without a model server %j is %s', async (env, status, remedy) => {
  const [model] = (await lookAt({ OLLAMA_HOST: '127.0.0.1:9', ...env }, modelChecks)).values();
  expect(model).toMatchObject({ status, remedy });
});

(ollama === undefined ? describe.skip : describe)('a real Ollama', () => {
  const host = { OLLAMA_HOST: ollama ?? '' };
  const openai = { OLLAMA_HOST: '127.0.0.1:9', OPENAI_BASE_URL: `${ollama}/v1` };

  test('has the models that are found there', async () => {
    expect((await lookAt(host, modelChecks)).get('model')).toMatchObject({ status: 'ok', remedy: null });
  });

  test('lacks those that it does not, and the command that gets them is said', async () => {
    const named = await lookAt({ ...host, PARLEY_MODEL: 'no-such', PARLEY_EMBED_MODEL: 'nor-such' }, modelChecks);
    expect(named.get('model')).toMatchObject({ status: 'missing', remedy: 'ollama pull no-such' });
    expect(named.get('embedding model')).toMatchObject({ status: 'missing', remedy: 'ollama pull nor-such' });
    const elsewhere = await lookAt({ ...openai, PARLEY_MODEL: 'openai/no-such' }, modelChecks);
    expect(elsewhere.get('model')).toMatchObject({
      status: 'missing',
      remedy: expect.stringMatching(/^export PARLEY_MODEL=openai\/.+/),
    });
  });
});
