import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { kafkaDown, kafkaUp, postgresDown, postgresUp, startCluster } from '@parley/tools';
import { createApi } from '../src/api.ts';
import { receiveOtlp } from './otlp-receiver.ts';

const name = `trace-${process.pid}`;

// Skipped only where no Kafka can be had at all, and then it says why.
const missing = await whyMissing('kafka', kafkaUp({ name }));

const readyMs = 120_000;

(missing === undefined ? describe : describe.skip)(
  'every service as a process of its own, on Kafka and Postgres',
  () => {
    afterAll(async () => {
      await kafkaDown({ name, isPurged: true });
      await postgresDown({ name, isPurged: true });
    });

    test('makes one trace of a debate, also when one of them is killed on the way', async () => {
      const receiver = await receiveOtlp();
      const log: string[] = [];
      const cluster = await startCluster({
        brokers: (await kafkaUp({ name })).brokers,
        databaseUrl: (await postgresUp({ name })).url,
        replicas: 1,
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
          OTEL_BSP_SCHEDULE_DELAY: '20',
          OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express,pg,undici,kafkajs',
          PARLEY_MODEL: 'rehearsal',
          PARLEY_REHEARSAL_LATENCY_MS: '50',
          PARLEY_LEASE_MS: '2000',
          LOG_LEVEL: 'debug',
        },
        onLine: (_replica, line) => log.push(line),
      });
      try {
        await cluster.ready(readyMs);
        const api = createApi(cluster.of('gateway')[0]?.url ?? '');
        const id = await api.start({ topic: 'Tea', maxRounds: 3 });
        await api.until(id, (view) => view.turns.length >= 2);
        cluster.of('moderator')[0]?.signal('SIGKILL');
        const view = await api.untilClosed(id, readyMs);
        expect(view.turns).toHaveLength(6);

        const page = await (await fetch(`${cluster.of('debater-a')[0]?.url}/metrics`)).text();
        expect(page).toMatch(/^parley_consumer_heartbeat_age_seconds\{service="debater-a"\} \d/m);
        expect(page).toMatch(/^parley_outbox_rows\{service="debater-a"\} \d/m);
      } finally {
        await cluster.stop();
        receiver.close();
      }

      const spans = receiver.spans();
      const request = spans.find((span) => span.name === 'POST /v1/debates');
      const own = spans.filter(
        ({ name, attributes }) => /^(send|process|effect|chat) /.test(name) && attributes.scope === 'parley',
      );
      expect(new Set(own.map((span) => span.traceId))).toEqual(new Set([request?.traceId]));
      expect(new Set(own.map((span) => span.attributes['messaging.system']))).toEqual(new Set(['kafka', undefined]));
      // Senders of kafkajs' instrumentation would be roots and take the place of ours.
      expect(spans.filter(({ name, attributes }) => name.startsWith('send ') && attributes.scope !== 'parley')).toEqual(
        [],
      );
      const ticks = new Set(spans.filter(({ name }) => name.startsWith('tick ')).map((span) => span.spanId));
      const statements = spans.filter(({ attributes }) => attributes['db.system.name'] !== undefined);
      expect(statements.some(({ parentSpanId }) => ticks.has(parentSpanId ?? ''))).toBe(true);
      expect(statements.filter(({ parentSpanId }) => parentSpanId === undefined)).toEqual([]);
      const line = log.find((text) => text.includes('"answered"')) ?? '{}';
      expect(JSON.parse(line)).toMatchObject({ trace_id: request?.traceId });
    }, 300_000);
  },
);
