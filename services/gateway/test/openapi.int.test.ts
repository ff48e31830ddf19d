import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deadLetterPage, parkedPage, problemSchema } from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import { openEmbedded } from '@parley/spine';
import { bury, factsOf, letterOf, park, publish } from './fake-moderator.ts';
import { askingRun } from './one-of-each-kind.ts';
import { elsewhere, routesOf } from './routes-of.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, { schema: object; examples?: Record<string, { value: unknown }> }> };
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, Operation>>;
}

function refsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsOf(inner)));
}

describe('The OpenAPI document', () => {
  let db: Database;
  let gateway: RunningGateway;
  let document: Document;
  let operations: [string, Operation][];

  beforeAll(async () => {
    db = await openEmbedded();
    gateway = await startGateway(db);
    document = (await gateway.get('/openapi.json')).json as Document;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, one]): [string, Operation] => [`${method.toUpperCase()} ${path}`, one]),
    );
  });
  afterAll(async () => {
    await gateway.stop();
    await db.close();
  });

  const keyId = async () =>
    ((await gateway.post('/v1/keys', { name: 'One', scopes: ['read'] })).json as { id: string }).id;

  /** Of something that a route can be asked about. */
  async function idFor(route: string): Promise<string> {
    if (route.includes('/keys/')) return keyId();
    if (route.includes('/parked/')) {
      await park(gateway.bus, 'a stream');
      return parkedPage.parse((await gateway.get('/v1/parked')).json).parked[0]?.id ?? '';
    }
    if (route.includes('/runs/')) return askingRun(gateway);
    if (!route.includes('/dead-letters/')) return gateway.debate();
    await bury(gateway.bus, [letterOf('default', 1)]);
    return deadLetterPage.parse((await gateway.get('/v1/dead-letters')).json).letters[0]?.id ?? '';
  }

  test('names every route of the gateway, and no other.', () => {
    const documented = operations.map(([name]) => name).sort();
    const served = routesOf(gateway.routes).filter((route) => !elsewhere.test(route));
    expect(documented).toEqual(served.sort());
    expect(documented.length).toBeGreaterThan(6);
  });

  test('is OpenAPI 3.1: every operation has a summary and described answers, every $ref resolves.', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Parley', version: expect.any(String) });
    for (const [name, { summary, responses, parameters }] of operations) {
      expect(summary).toMatch(/\.$/);
      expect(Object.keys(responses).some((status) => status.startsWith('2') || status === '101')).toBe(true);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(status).toMatch(/^(101|[2-5]\d\d)$/);
        expect(description).not.toBe('');
        if (Number(status) >= 400) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      }
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect((parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name)).toEqual(inPath);
    }
    for (const ref of refsOf(document)) {
      const target = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect([ref, typeof target]).toEqual([ref, 'object']);
    }
  });

  test('has an example of every body, and the gateway takes each of them.', async () => {
    for (const [name, { requestBody, responses }] of operations) {
      if (requestBody === undefined) continue;
      const examples = Object.values(requestBody.content['application/json']?.examples ?? {});
      expect([name, examples.length > 0]).toEqual([name, true]);
      for (const { value } of examples) {
        const id = await idFor(name);
        const path = name.replace('POST ', '').replace('{id}', id).replace('{name}', 'calculator');
        if (path.endsWith('/replays')) await publish(gateway.bus, factsOf(id, 2));
        const { status } = await gateway.post(path, value);
        expect([name, status in responses && status < 300]).toEqual([name, true]);
      }
    }
  });

  test('names what the gateway answers about what is not there.', async () => {
    for (const [name, { requestBody, responses }] of operations) {
      const [method = '', pattern = ''] = name.split(' ');
      const path = pattern.replaceAll(/\{\w+\}/g, '01890000-0000-7000-8000-000000000000');
      if (!pattern.includes('{id}')) continue;
      const [body] = Object.values(requestBody?.content['application/json']?.examples ?? {});
      const reply = method === 'POST' ? await gateway.post(path, body?.value ?? {}) : await gateway.send(method, path);
      expect(problemSchema.parse(reply.json).status).toBe(404);
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '404', '503']));
    }
  });
});
