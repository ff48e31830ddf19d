// A member of a group in a process of its own, to be killed: argv: topic group. Says "m" and a number for each message.
import { createKafkaBus } from '../src/kafka/index.ts';
import { brokers } from './brokers.ts';

const [topic = '', group = ''] = process.argv.slice(2);
const bus = createKafkaBus({ brokers, clientId: 'member', onEvent: () => {} });
await bus.subscribe({
  topics: [topic],
  group,
  maxBatch: 1,
  async handler(batch) {
    for (const { message } of batch) process.stdout.write(`m ${(message.data as { number: number }).number}\n`);
  },
});
