import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { componentFinders } from '../src/component-finders.ts';
import { type ComponentFinder, findComponents, type TestRun } from '../src/components-for-tests.ts';

const runWith = (env: Record<string, string>): TestRun => ({ env: { ...env }, isCi: false, say: () => {} });
const finder = (name: string): ComponentFinder => {
  const found = componentFinders.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no finder of "${name}".`);
  return found;
};
const failing = (name: string, isRequired?: boolean): ComponentFinder => ({
  name,
  find: async () => {
    throw new Error(`no ${name} here`);
  },
  ...(isRequired !== undefined && { isRequired: () => isRequired }),
});

test('what is found is named with its detail, and what is missing with its reason', async () => {
  const first: ComponentFinder = { name: 'first', find: async () => ({ detail: 'of today' }) };
  const found = await findComponents([first, failing('second'), failing('third', false)], runWith({}));
  expect(found.real).toEqual([{ name: 'first', detail: 'of today' }]);
  expect(found.missing).toEqual([
    { name: 'second', why: 'no second here', isRequired: true },
    { name: 'third', why: 'no third here', isRequired: false },
  ]);
});

test('what a run has started is stopped at its end, and nothing before', async () => {
  const stopped: string[] = [];
  const started = (name: string): ComponentFinder => ({
    name,
    find: async () => ({ detail: '', stop: async () => stopped.push(name) }),
  });
  const found = await findComponents([started('a'), failing('b'), started('c')], runWith({}));
  expect(stopped).toEqual([]);
  await found.stop();
  expect(stopped).toEqual(['a', 'c']);
});

test('a database and brokers that the environment names are taken, and none is started', async () => {
  const env = { PARLEY_TEST_DATABASE_URL: 'postgres://there', PARLEY_TEST_KAFKA_BROKERS: 'there:9092' };
  const run = runWith(env);
  const found = await findComponents([finder('postgres'), finder('kafka')], run);
  expect(found.real.map(({ detail }) => detail)).toEqual(Object.keys(env));
  expect(run.env).toEqual(env);
});

test('an Ollama that is named without a scheme is found with its models', async () => {
  const server = createServer((_, response) => response.end('{"models":[{"name":"small"}]}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = runWith({ OLLAMA_HOST: host });
  try {
    expect(await finder('ollama').find(run)).toEqual({ detail: `http://${host} with small` });
    expect(run.env.PARLEY_TEST_OLLAMA_HOST).toBe(`http://${host}`);
  } finally {
    server.close();
  }
});

test('an Ollama without models is missing, and the suites are not told of it', async () => {
  const server = createServer((_, response) => response.end('{"models":[]}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = runWith({ PARLEY_TEST_OLLAMA_HOST: host });
  const { missing } = await findComponents([finder('ollama')], run);
  server.close();
  const why = `${host}: it has no model; "npm run ollama -- up" starts one`;
  expect(missing).toEqual([{ name: 'ollama', why, isRequired: false }]);
  expect(run.env).toEqual({});
});
