import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { messageTypes, topics } from '@parley/contracts';
import { databases, type TestDatabase } from './databases.ts';
import { type RunningGateway, startGateway } from './running-gateway.ts';

let database: TestDatabase;
let gateway: RunningGateway;
beforeAll(async () => {
  database = (await databases[0]?.open()) as TestDatabase;
  gateway = await startGateway(database.db);
});
afterAll(async () => {
  await gateway.stop();
  await database.close();
});

test("AsyncAPI's own parser finds no fault in the document that is served, and every topic and message in it.", async () => {
  const { text, json } = await gateway.get('/asyncapi.json');
  const { Parser } = await import('@asyncapi/parser');
  const { document, diagnostics } = await new Parser().parse(text);
  expect(diagnostics.filter(({ severity }) => severity < 2).map(({ message, path }) => [message, path])).toEqual([]);
  expect(
    document
      ?.channels()
      .all()
      .map((channel) => channel.address())
      .sort(),
  ).toEqual(
    Object.values(topics)
      .flatMap(({ name }) => [name, `${name}.dlq`])
      .sort(),
  );
  const { components } = json as { components: { messages: object } };
  expect(Object.keys(components.messages).sort()).toEqual([...Object.keys(messageTypes), 'dead-letter.v1'].sort());
});
