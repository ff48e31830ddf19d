import { expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { openApiDocument } from '../src/openapi.ts';

/** A WebSocket's good answer is 101. */
const rules = { 'operation-2xx-response': 'off' } as const;

test('an outside linter finds nothing to say about the OpenAPI document', async () => {
  const config = await createConfig({ extends: ['recommended'], rules });
  const source = JSON.stringify(openApiDocument());
  const found = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  expect(found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
});

test('and it does find what is wrong', async () => {
  const config = await createConfig({ extends: ['recommended'], rules });
  const { paths, ...rest } = openApiDocument();
  const [path = '', item] = Object.entries(paths)[0] ?? [];
  const source = JSON.stringify({ ...rest, paths: { [`${path}/{id}`]: item } });
  expect((await lintFromString({ source, absoluteRef: '/openapi.json', config })).length).toBeGreaterThan(0);
});
