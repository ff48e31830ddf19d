import { kafkaDown, kafkaUp } from '@parley/tools';
import { runOutage } from './kafka-outage.ts';

const t = Date.now();
const count = Number(process.argv[2]) === 3 ? 3 : 1;
await kafkaUp({ name: 'tryout', brokers: count });
console.log('up ms', Date.now() - t);
try {
  console.log(await runOutage({ name: 'tryout', kills: Number(process.argv[3]) }));
} finally {
  await kafkaDown({ name: 'tryout', isPurged: true });
}
