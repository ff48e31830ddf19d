import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StreamPage } from '@parley/contracts/http';
import { whyMissing } from '@parley/testkit';
import { copyTree, kafkaDown, kafkaUp, postgresDown, postgresUp } from '@parley/tools';
import { createApi } from '../src/api.ts';
import { type ParleyProcess, startParley, startProgram } from '../src/parley-process.ts';
import { applyEdits } from '../src/planted-service/apply-edits.ts';
import { edits } from '../src/planted-service/edits.ts';
import { type Layers, layerFaults } from '../src/walls/layers.ts';
import { readRepository } from '../src/walls/repository.ts';
import { roomFaults } from '../src/walls/rooms.ts';
import { faces } from './echo-faces.ts';

const name = `planted-${process.pid}`;
const missing = await whyMissing('kafka', kafkaUp({ name }));

/** A repository of its own, in which a service is added as anybody would add one. */
const { root: copy, remove } = copyTree(
  fileURLToPath(new URL('../../../', import.meta.url)),
  fileURLToPath(new URL('../fixtures/echo/', import.meta.url)),
);
const cli = join(copy, 'packages/cli/src/main.ts');
beforeAll(() => applyEdits(copy, edits));
afterAll(async () => {
  remove();
  await kafkaDown({ name, isPurged: true });
  await postgresDown({ name, isPurged: true });
}, 120_000);

/** What a program of the copy says, after its exit code. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: copy, encoding: 'utf8' });
  return `${status}\n${stdout}${stderr}`;
}

describe('A service of one kind, one command and one event', () => {
  test('is planted by edits in at most nine files', () => {
    const files = [...new Set(edits.map(({ file }) => file))];
    console.info(`Edited for a new service, ${files.length} files: ${files.join(', ')}`);
    expect(files.length).toBeLessThanOrEqual(9);
  });

  test('passes the compiler, the linter and the layers', () => {
    expect(run('node_modules/typescript/bin/tsc', '--noEmit')).toBe('0\n');
    const changed = ['packages/contracts', 'packages/cli/src', 'services'];
    expect(run('node_modules/@biomejs/biome/bin/biome', 'lint', '--error-on-warnings', ...changed)).toMatch(/^0\n/);
    const layers = JSON.parse(readFileSync(join(copy, 'scripts/layers.json'), 'utf8')) as Layers;
    const repository = readRepository(copy);
    expect([...layerFaults(repository, layers), ...roomFaults(repository, layers)]).toEqual([]);
  }, 200_000);

  test('stands everywhere that a service must stand, and its manifests are made', () => {
    expect(run('scripts/run.mjs', 'packages/tools/src/manifests.ts')).toMatch(/^0\n/);
    expect(readFileSync(join(copy, 'k8s/base/echo.yaml'), 'utf8')).toContain('kind: Deployment');
    execFileSync(process.execPath, ['../../scripts/jest.mjs', 'test/services-everywhere.test.ts'], {
      cwd: join(copy, 'packages/tools'),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }, 200_000);
});

describe.each([
  { form: 'in one process', start: () => startParley({ dataDir: join(copy, '.data'), script: cli }) },
  ...(missing === undefined ? [{ form: 'on Kafka and Postgres', start: startCluster }] : []),
])('A planted service $form', ({ start }) => {
  let parley: ParleyProcess;
  beforeAll(async () => {
    parley = await start();
  }, 300_000);
  afterAll(async () => {
    parley?.kill('SIGTERM');
    await parley?.exited;
  }, 60_000);

  test.each(Object.entries(faces))('answers over %s', async (face, ask) => {
    expect(await ask({ url: parley.url, cli }, `Hello over ${face}.`)).toBe(`Hello over ${face}.`);
  });

  test('is listed beside every other kind, documented, and refuses what it does not know', async () => {
    const api = createApi(parley.url);
    const { body: page } = await api.json<StreamPage>('/v1/streams?kind=echo&status=completed');
    const titles = Object.keys(faces).map((face) => `Hello over ${face}.`);
    expect(page.streams.map(({ title }) => title).sort()).toEqual(titles.sort());
    const { body: document } = await api.json<{ paths: object }>('/openapi.json');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/v1/echoes', '/v1/echoes/{id}/events']));
    expect(await api.post('/v1/echoes', { text: 'Hello.', volume: 11 })).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST', detail: expect.stringContaining('volume') },
    });
  });
});

async function startCluster(): Promise<ParleyProcess> {
  const { brokers } = await kafkaUp({ name });
  const { url } = await postgresUp({ name });
  return startProgram({
    script: join(copy, 'packages/tools/src/cluster.ts'),
    args: ['--port', '0'],
    env: { KAFKA_BROKERS: brokers, DATABASE_URL: url },
  });
}
