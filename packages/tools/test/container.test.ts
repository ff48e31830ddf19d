import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { parse } from 'yaml';
import { componentPlace } from '../src/component/place.ts';
import { untilReady } from '../src/component/server.ts';
import { findEngine, imageOf, nativeOrContainer, versionOf } from '../src/container/engine.ts';
import { checkContainer, containerBroker } from '../src/kafka/container-broker.ts';
import { containerServer } from '../src/postgres/container-server.ts';
import { standInEngine } from './stand-in-engine.ts';

const compose = parse(readFileSync(new URL('../../../docker/compose.yaml', import.meta.url), 'utf8'), { merge: true });
const image = 'apache/kafka:4.3.1';
const kafka = {
  source: 'docker',
  image,
  version: '4.3.1',
  clusterId: 'id',
  count: 1,
  port: 20_000,
  settings: {},
} as const;
const noJava = async () => {
  throw new ParleyError('BUS_UNAVAILABLE', 'No Java runs.');
};

test('an image is the one that docker/compose.yaml names, digest and all', async () => {
  expect([await imageOf('kafka'), await imageOf('postgres')]).toEqual([
    compose.services.kafka.image,
    compose.services.postgres.image,
  ]);
  expect([image, `${image}@sha256:00ff`, 'host:5000/a/b'].map(versionOf)).toEqual(['4.3.1', '4.3.1', 'latest']);
});

test('the engine is the first that answers, and not a client whose server is away', async () => {
  const answering = (...names: string[]) =>
    findEngine(async (name) => ({ code: names.includes(name) ? 0 : name === 'docker' ? 1 : -1, output: '' }));
  expect((await answering('docker', 'podman'))?.name).toBe('docker');
  expect((await answering('podman'))?.name).toBe('podman');
  expect(await answering()).toBeUndefined();
});

test('what is installed here comes first, a container next, and without both it is said what would help', async () => {
  const { engine } = standInEngine('podman');
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  expect(
    await nativeOrContainer(
      async () => 'java',
      'kafka',
      say,
      async () => engine,
    ),
  ).toBe('java');
  expect(said).toEqual([]);
  const chosen = await nativeOrContainer(noJava, 'kafka', say, async () => engine);
  expect(chosen).toEqual({ source: 'podman', image: compose.services.kafka.image, version: expect.any(String) });
  expect(said).toEqual([`No Java runs. Running ${compose.services.kafka.image} with podman instead.`]);
  await expect(nativeOrContainer(noJava, 'kafka', say, async () => undefined)).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: 'No Java runs. Or start docker or podman.',
  });
  const bug = async () => JSON.parse('{');
  await expect(nativeOrContainer(bug, 'kafka', say, async () => engine)).rejects.toThrow(SyntaxError);
});

test('a broker goes through its life by the engine’s commands', async () => {
  const { engine, said, environments } = standInEngine();
  const broker = containerBroker(engine, 'main', kafka);
  expect(await broker.pid()).toBeUndefined();
  await broker.start();
  await broker.start();
  const [run, ...more] = said();
  expect(run).toMatch(
    /^run --detach --name parley-kafka-main --publish 127\.0\.0\.1:20000:20000 --volume parley-kafka-main:\/var\/lib\/kafka\/data /,
  );
  expect(run?.endsWith(` ${image}`)).toBe(true);
  expect(more).toEqual([]);
  expect(environments[0]).toMatchObject({
    CLUSTER_ID: 'id',
    KAFKA_LISTENERS: 'PLAINTEXT://:20000,CONTROLLER://localhost:20010',
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://127.0.0.1:20000',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  });
  // What the broker of docker/compose.yaml is told, this one is told, too.
  const known = new Set(Object.keys(environments[0] ?? {}));
  expect(Object.keys(compose.services.kafka.environment).filter((name) => !known.has(name))).toEqual([]);
  await broker.signal('SIGSTOP');
  await broker.signal('SIGCONT');
  await broker.stop('SIGKILL');
  await broker.stop('SIGKILL');
  expect(await broker.pid()).toBeUndefined();
  await expect(broker.signal('SIGSTOP')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  await broker.start();
  await broker.stop('SIGTERM');
  await broker.remove?.();
  const name = 'parley-kafka-main';
  expect(said()).toEqual([
    `pause ${name}`,
    `unpause ${name}`,
    `kill ${name}`,
    `start ${name}`,
    `stop -t 30 ${name}`,
    `rm --force ${name}`,
    `volume rm --force ${name}`,
  ]);
});

test('a broker that has ended is not waited for, and its last words are told', async () => {
  const broker = containerBroker(standInEngine().engine, 'main', { ...kafka, port: 1 });
  await expect(untilReady(broker, 'BUS_UNAVAILABLE', 1_000)).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: 'Broker 1 has ended; its log docker logs parley-kafka-main ends with:\nits last words',
  });
});

test('what a container has not is refused as something that is not to be had here', () => {
  expect(() => checkContainer({ brokers: 1, settings: { 'log.retention.ms': '1' } })).not.toThrow();
  for (const options of [{ brokers: 3 }, { scramUsers: {} }, { settings: { listeners: 'X://:1' } }]) {
    expect(() => checkContainer(options)).toThrow(expect.objectContaining({ code: 'BUS_UNAVAILABLE' }));
  }
});

test('a Postgres goes through its life by the engine’s commands, and no command line shows its password', async () => {
  const home = await mkdtemp(join(tmpdir(), 'parley-container-'));
  try {
    const { engine, said, environments } = standInEngine();
    const at = componentPlace('postgres', { name: 'main', home });
    const kept = { source: 'docker', image: 'pg:18', version: '18', port: 20_001 } as const;
    const server = containerServer(engine, at, kept, { isFast: true });
    await server.start();
    await untilReady(server, 'DATABASE_UNAVAILABLE', 1_000);
    const { password } = new URL(await server.url());
    const [run, ...ready] = said();
    expect(run).toMatch(/--publish 127\.0\.0\.1:20001:5432 --volume parley-postgres-main:\/var\/lib\/postgresql /);
    expect(run).toMatch(/ pg:18 -c max_connections=200 -c shared_buffers=128MB -c fsync=off -c full_page_writes=off$/);
    expect(ready).toEqual(['exec parley-postgres-main pg_isready -q -h 127.0.0.1 -U parley']);
    expect(password).toMatch(/^[\w-]{24}$/);
    expect(run).not.toContain(password);
    expect(environments[0]).toMatchObject({ POSTGRES_USER: 'parley', POSTGRES_PASSWORD: password });
    await server.stop('SIGKILL');
    await server.start();
    await untilReady(server, 'DATABASE_UNAVAILABLE', 1_000);
    expect(new URL(await server.url()).password).toBe(password);
    await server.stop('SIGTERM');
    await server.remove?.();
    expect(said().map((line) => line.split(' ')[0])).toEqual(['kill', 'start', 'exec', 'stop', 'rm', 'volume']);
  } finally {
    await rm(home, { recursive: true });
  }
});
