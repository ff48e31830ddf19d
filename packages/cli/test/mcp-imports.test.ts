import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadedBy } from '@parley/testkit/loaded-by.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const server = /node_modules\/(express|pg|pino|kafkajs)\//;

test('"parley mcp" reads the routes without the server, the database and the logger', () => {
  expect(loadedBy('./src/running/mcp-command.ts', here)).not.toMatch(server);
  expect(loadedBy('@parley/gateway', here)).toMatch(server);
});
