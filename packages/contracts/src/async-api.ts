import { z } from 'zod';
import { type MessageType, messageTypes, topics } from './contexts.ts';
import { deadLetterV1 } from './dead-letter.v1.ts';
import { deadLetterTopic, type Topic } from './topic.ts';

const text = { type: 'string' } as const;
const hourMs = 60 * 60 * 1_000;

/** The headers of every message. Source: CloudEvents' Kafka protocol binding 1.0.2 §3.2 (binary content mode). */
const headers = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time'],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { ...text, description: 'Globally unique; arriving twice is one arrival.' },
    ce_type: text,
    ce_source: { ...text, description: 'The service that wrote it.' },
    ce_subject: { ...text, description: 'The stream it is about; the partition key.' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_sequence: { ...text, description: 'Number of the event in its stream, 1..n without gaps.' },
    ce_tenant: text,
    ce_deadline: { type: 'string', format: 'date-time' },
    ce_tokensleft: text,
    traceparent: { ...text, description: 'W3C Trace Context.' },
  },
} as const;

const message = (name: string, schema: z.ZodType) => {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { name, contentType: 'application/json', headers: { $ref: '#/components/schemas/headers' }, payload };
};
const named = (name: string) => [name, { $ref: `#/components/messages/${name}` }];

function channel({ name, purpose, partitions, retentionHours }: Topic, types: readonly string[]) {
  const retention = { 'retention.ms': retentionHours * hourMs };
  return {
    address: name,
    description: purpose,
    messages: Object.fromEntries(types.map(named)),
    bindings: { kafka: { partitions, topicConfiguration: retention, bindingVersion: '0.5.0' } },
  };
}

/** AsyncAPI document: who sends and receives what on which topic, from the table of topics and the message schemas. */
export function asyncApiDocument() {
  const all: [string, Topic][] = Object.entries(topics);
  const operations = all.flatMap(([key, topic]) =>
    (
      [
        ['send', topic.owner],
        ['receive', [...topic.readers, ...(topic.mayRead ?? [])]],
      ] as const
    ).flatMap(([action, services]) =>
      services.map((service) => [
        `${service}-${action}s-${key}`,
        { action, channel: { $ref: `#/channels/${key}` }, summary: `${service}: ${topic.purpose}` },
      ]),
    ),
  );
  const dead = all.map(([key, topic]) => {
    const purpose = `What a reader of ${topic.name} could not read, with the reason.`;
    return [
      `${key}Dead`,
      channel({ ...topic, name: deadLetterTopic(topic.name), purpose, partitions: 1 }, ['dead-letter.v1']),
    ];
  });
  const messages = (Object.keys(messageTypes) as MessageType[]).map((type) => [
    type,
    message(type, messageTypes[type]),
  ]);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Parley',
      version: '1',
      description: "What crosses the bus between Parley's services: CloudEvents 1.0 on Kafka.",
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([...all.map(([key, topic]) => [key, channel(topic, topic.messages ?? [])]), ...dead]),
    operations: Object.fromEntries(operations),
    components: {
      schemas: { headers },
      messages: {
        ...Object.fromEntries(messages),
        'dead-letter.v1': message('dead-letter.v1', deadLetterV1),
      },
    },
  };
}
