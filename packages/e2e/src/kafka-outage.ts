import { createKafkaBus, ensureTopics } from '@parley/bus/kafka';
import type { Message } from '@parley/contracts';
import { kafkaNode, kafkaUp } from '@parley/tools';

const topic = 'outage';
const fleeting = 'outage.fleeting';
const subjects = 6;
const perKill = 300;

export interface OutageOptions {
  /** The cluster, which is running; nodes are killed in turn. */
  readonly name: string;
  readonly kills: number;
}

export interface OutageFound {
  /** Acknowledged messages; all that was offered, unless `rejected`. */
  readonly published: number;
  readonly rejected: number;
  readonly lost: number;
  readonly duplicates: number;
  /** First deliveries with a lower number than one before of the same subject. */
  readonly outOfOrder: number;
  readonly crashed: number;
  /** Between two acknowledgements, kills and starts included. */
  readonly longestSilenceMs: number;
  /** From a broker that serves again to the next acknowledgement, delivery and broadcast that is heard. */
  readonly longestResumeMs: number;
}

/** Publishes and reads without a pause while nodes are killed with -9 and started again, one after the other. */
export async function runOutage({ name, kills }: OutageOptions): Promise<OutageFound> {
  const { brokers: text, nodes } = await kafkaUp({ name });
  const brokers = text.split(',');
  const about = { owner: ['test'], readers: ['test'], purpose: 'A test.', retentionHours: 1, isDurable: false };
  const replicationFactor = nodes.length;
  const topics = [topic, fleeting].map((each) => ({ ...about, name: each, partitions: 3 }));
  await ensureTopics({ brokers, clientId: 'test' }, topics, { replicationFactor });
  let crashed = 0;
  const bus = createKafkaBus({
    brokers,
    clientId: 'outage',
    onEvent: ({ type }) => {
      if (type === 'crashed') crashed++;
    },
  });

  const next = new Map<string, number>();
  const seen = new Set<string>();
  let duplicates = 0;
  let outOfOrder = 0;
  let deliveredAt = 0;
  await bus.subscribe({
    topics: [topic],
    group: 'readers',
    async handler(batch) {
      deliveredAt = Date.now();
      for (const { message } of batch) {
        if (seen.has(message.id)) duplicates++;
        else if ((message.sequence ?? 0) !== (next.get(message.subject) ?? 1)) outOfOrder++;
        if (!seen.has(message.id)) next.set(message.subject, (message.sequence ?? 0) + 1);
        seen.add(message.id);
      }
    },
  });

  let heardAt = 0;
  bus.onBroadcast(fleeting, () => {
    heardAt = Date.now();
  });

  const acknowledged: string[] = [];
  let acknowledgedAt = Date.now();
  let longestSilenceMs = 0;
  let rejected = 0;
  let isOver = false;
  const publishers = Array.from({ length: subjects }, async (_, s) => {
    for (let n = 1; !isOver; n++) {
      const message = messageAt(`s${s}`, n);
      try {
        await bus.publish(topic, [message]);
      } catch {
        rejected++;
        continue;
      }
      acknowledged.push(message.id);
      longestSilenceMs = Math.max(longestSilenceMs, Date.now() - acknowledgedAt);
      acknowledgedAt = Date.now();
      bus.broadcast(fleeting, message);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });

  let longestResumeMs = 0;
  for (let kill = 0; kill < kills; kill++) {
    const before = acknowledged.length;
    await until(() => acknowledged.length > before + perKill);
    const node = (kill % nodes.length) + 1;
    await kafkaNode(node, 'kill9', { name });
    await kafkaNode(node, 'start', { name });
    const since = Date.now();
    await until(() => acknowledgedAt > since && deliveredAt > since && heardAt > since);
    longestResumeMs = Math.max(longestResumeMs, Date.now() - since);
  }
  const last = acknowledged.length;
  await until(() => acknowledged.length > last + perKill);
  isOver = true;
  await Promise.all(publishers);
  const missing = () => acknowledged.filter((id) => !seen.has(id)).length;
  await until(() => missing() === 0).catch(() => {});
  const published = acknowledged.length;
  const lost = missing();
  await bus.stop();
  return { published, rejected, lost, duplicates, outOfOrder, crashed, longestSilenceMs, longestResumeMs };
}

function messageAt(subject: string, sequence: number): Message {
  const about = { id: `${subject}/${sequence}`, type: 'noted.v1', source: 'test', time: '2026-01-01T00:00:00.000Z' };
  return { ...about, subject, sequence, data: null };
}

async function until(holds: () => boolean, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`Waited ${withinMs} ms in vain.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
