import { expect, test } from '@jest/globals';
import { createMemoryBus, type Delivery } from '@parley/bus';
import { deadLetterTopic, type Message, ParleyError, topics } from '@parley/contracts';
import { until } from '@parley/testkit';
import { createDeadLetters, createIntake, silentLogger } from '../src/index.ts';

const topic = topics.debateCommands.name;
const time = '2026-01-02T03:04:05.678Z';
const messageOf = (n: number, change: Partial<Message> = {}): Message => ({
  ...{ id: `m${n}`, type: 'cancel-debate.v1', source: 'gateway', subject: 's', time, data: {} },
  ...change,
});
const deliveryOf = (message: Message, i: number): Delivery => ({ message, topic, partition: 3, offset: String(i) });

const dataOf = ([first]: readonly Message[]) => first?.data as { reason: string; original: string };

/** A bus, and what is buried on it. */
async function graveyard() {
  const bus = createMemoryBus();
  const buried: Message[] = [];
  await bus.subscribe({
    topics: [deadLetterTopic(topic)],
    group: 'test',
    handler: async (batch) => void buried.push(...batch.map(({ message }) => message)),
  });
  return { bus, buried, dead: createDeadLetters({ bus, group: 'moderator', logger: silentLogger }) };
}

test('Of a batch that is refused for good only what is refused is buried, with where it was and why.', async () => {
  const { buried, dead } = await graveyard();
  const taken: string[] = [];
  const handle = dead.sparing(async (batch) => {
    if (batch.some(({ message }) => message.id === 'm5')) throw new TypeError('five is right out');
    taken.push(...batch.map(({ message }) => message.id));
  });
  await handle(Array.from({ length: 9 }, (_, i) => deliveryOf(messageOf(i), i)));
  expect(taken).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm6', 'm7', 'm8']);
  expect(buried).toMatchObject([
    {
      id: `dead/moderator/${topic}/3/5`,
      type: 'dead-letter.v1',
      data: { reason: 'five is right out', group: 'moderator', topic, partition: 3, offset: '5' },
    },
  ]);
  expect(JSON.parse(dataOf(buried).original)).toEqual(messageOf(5));
});

test('What may be taken later is not buried.', async () => {
  const { buried, dead } = await graveyard();
  const away = new ParleyError('DATABASE_UNAVAILABLE', 'Away.', { retryable: true });
  const handle = dead.sparing(() => Promise.reject(away));
  await expect(handle([deliveryOf(messageOf(1), 1)])).rejects.toBe(away);
  expect(buried).toEqual([]);
});

// Before, the dead letter of a message that just fits was refused as too large, or as too deep, and read for ever.
test.each([
  ['as large as a message may be', messageOf(1, { type: 'x', data: '\u0001'.repeat(170_000) }), /; what is kept/],
  ['as deep as a message may be', messageOf(1, { type: 'x', data: nested(499) }), /^type x is unknown to this build$/],
  ['named with NUL', messageOf(1, { id: 'a\0b' }), /NUL/],
])('A message %s is buried, and the next one taken.', async (_name, message, reason) => {
  const { bus, buried } = await graveyard();
  const taken: string[] = [];
  await createIntake({
    bus,
    topics: [topic],
    group: 'moderator',
    logger: silentLogger,
    read: (fact, { id, subject }) => ({ id, kind: 'k', stream: subject, input: fact }),
    receive: async (arrivals) => void taken.push(...arrivals.map(({ id }) => id)),
  });
  await bus.publish(topic, [message, messageOf(2)]);
  await until('the next one is taken', () => taken.length > 0 && buried.length > 0);
  expect(taken).toEqual(['m2']);
  expect(dataOf(buried).reason).toMatch(reason);
  await bus.stop();
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) };
}
