import { type Board, lines } from './board.ts';
import { notKafka, ofService, quantiles, rate, rateBy } from './queries.ts';

/** Kafka and Postgres as the services see them, and the processes. */
export function infrastructure(): Board {
  return {
    uid: 'parley-infrastructure',
    title: 'Parley: Kafka, Postgres, processes',
    about: "From the services' own metrics: what they send, store and wait for.",
    from: 'now-3h',
    variables: [],
    rows: [
      {
        title: 'Kafka',
        panels: [
          lines('Messages sent', 'ops', [rateBy('parley_messages_sent_total', 'service, topic')]),
          lines('Consumer heartbeat', 's', [ofService('parley_consumer_heartbeat_age_seconds')], {
            emptyBecause: notKafka,
            limits: [5, 10],
          }),
          lines('Oldest message that has not left', 's', [ofService('parley_outbox_oldest_age_seconds')], {
            limits: [30, 60],
          }),
        ],
      },
      {
        title: 'Postgres',
        panels: [
          lines('Transactions', 's', quantiles('parley_tick_seconds', '', 'service')),
          lines('Transactions a second', 'ops', [rateBy('parley_tick_seconds_count', 'service')]),
          lines('Streams a transaction', 'none', [
            {
              expr: `sum by (service) (rate(parley_tick_streams_sum${rate})) / sum by (service) (rate(parley_tick_streams_count${rate}))`,
              name: '{{service}}',
            },
          ]),
          lines('Inputs handled', 'ops', [rateBy('parley_inputs_total', 'service')]),
          lines('Events appended', 'ops', [rateBy('parley_events_total', 'service')]),
          lines('Backlogs it did not tell in a second', 'ops', [
            rateBy('parley_backlog_read_failures_total', 'service'),
          ]),
        ],
      },
      {
        title: 'Processes',
        panels: [
          lines('CPU', 'percentunit', [rateBy('process_cpu_seconds_total', 'instance')]),
          lines('Memory', 'bytes', [
            { expr: 'sum by (instance) (process_resident_memory_bytes)', name: '{{instance}}' },
          ]),
          lines('Event-loop lag, p99', 's', [
            { expr: 'max by (instance) (nodejs_eventloop_lag_p99_seconds)', name: '{{instance}}' },
          ]),
        ],
      },
    ],
  };
}
