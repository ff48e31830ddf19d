import { afterAll, beforeAll, describe } from '@jest/globals';
import { createKafkaBus } from '../src/kafka/index.ts';
import { busContract } from './contract.ts';
import { brokers, freshName, plainClient } from './kafka-topics.ts';

(brokers.length > 0 ? describe : describe.skip)('a real Kafka', () => {
  const admin = plainClient().admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());

  busContract('kafka', async () => {
    const topic = freshName('contract');
    const deltas = freshName('deltas');
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 6 },
        { topic: deltas, numPartitions: 2 },
      ],
    });
    const bus = createKafkaBus({
      brokers,
      clientId: 'contract',
      redeliveryDelayMs: { initial: 1, max: 4 },
      onEvent: (event) => process.env.VERBOSE && console.log(event),
    });
    return { bus, topic, deltas, close: () => admin.deleteTopics({ topics: [topic, deltas] }) };
  });
});
