import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadedBy } from '@parley/testkit/loaded-by.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

test('the client of Kafka is loaded by its own entry alone', () => {
  expect(loadedBy('@parley/bus', here)).not.toContain('kafkajs');
  expect(loadedBy('@parley/bus/kafka', here)).toContain('kafkajs');
});
