import { afterAll, beforeAll } from '@jest/globals';
import { busContract } from './contract.ts';
import { describeOnKafka, kafkaFixture } from './real-kafka.ts';

describeOnKafka('a real Kafka', () => {
  const kafka = kafkaFixture();
  beforeAll(() => kafka.open());
  afterAll(() => kafka.close());

  busContract('kafka', async () => ({ bus: kafka.bus(), topic: await kafka.topic(6), deltas: await kafka.topic(2) }));
});
