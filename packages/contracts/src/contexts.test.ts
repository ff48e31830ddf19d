import { expect, test } from '@jest/globals';
import { messageTypes, topics } from './contexts.ts';
import { serviceNames } from './services.ts';
import { deadLetterTopic, type Topic } from './topic.ts';

const all: Topic[] = Object.values(topics);

test('every topic has a name of its own that Kafka takes', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  // Kafka's Topic.java: letters, digits, dots, underscores and dashes, 249 at most.
  for (const { name } of all) {
    expect(name).toMatch(/^parley(\.[a-z]+)+$/);
    expect(deadLetterTopic(name).length).toBeLessThanOrEqual(249);
  }
});

test('dead letters go to a topic that is none of the others', () => {
  expect(deadLetterTopic('parley.debate.events')).toBe('parley.debate.events.dlq');
  const names = all.map(({ name }) => name);
  for (const name of names) expect(names).not.toContain(deadLetterTopic(name));
});

test('every topic has a writer, a reader, partitions, a purpose, and nobody takes in what he wrote', () => {
  for (const topic of all) {
    expect(topic.owner.length).toBeGreaterThan(0);
    expect(topic.readers.length).toBeGreaterThan(0);
    if (topic.isDurable) expect(topic.owner.filter((service) => topic.readers.includes(service))).toEqual([]);
    expect(topic.partitions).toBeGreaterThan(0);
    expect(topic.retentionHours).toBeGreaterThan(0);
    expect(topic.purpose).toMatch(/^[A-Z].*\.$/);
  }
});

test('every service tells how it does, and reads what operators ask of its streams unless it is the one who passes it on', () => {
  expect(topics.status.owner).toEqual(serviceNames);
  expect([...topics.streamCommands.owner, ...topics.streamCommands.readers]).toEqual(serviceNames);
});

test('facts are kept for days, pieces of text are not', () => {
  for (const { isDurable, retentionHours } of all) {
    if (isDurable) expect(retentionHours).toBeGreaterThanOrEqual(7 * 24);
    else expect(retentionHours).toBeLessThanOrEqual(1);
  }
});

test('every type of message is on a topic', () => {
  expect(new Set(all.flatMap(({ messages = [] }) => messages))).toEqual(new Set(Object.keys(messageTypes)));
});
