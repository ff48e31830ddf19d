import { type Board, lines, type Query } from './board.ts';

const rate = '[$__rate_interval]';
const notKafka = 'there is no Kafka, as under npm start';

/** Quantiles of a histogram, by a label. */
function quantiles(
  bucket: string,
  selector: string,
  by: string,
  shares: readonly number[] = [0.5, 0.95, 0.99],
): Query[] {
  return shares.map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le, ${by}) (rate(${bucket}_bucket${selector}${rate})))`,
    name: `{{${by}}} p${share * 100}`,
  }));
}

function ofService(metric: string): Query {
  return { expr: `max by (service) (${metric})`, name: '{{service}}' };
}

function rateBy(metric: string, by: string): Query {
  return {
    expr: `sum by (${by}) (rate(${metric}${rate}))`,
    name: by
      .split(', ')
      .map((label) => `{{${label}}}`)
      .join(' '),
  };
}

/** A debate's way through the services. */
export function pipeline(): Board {
  const product = 'audience="product"';
  return {
    uid: 'parley-debates',
    title: 'Parley: debates',
    about: 'How long turns take, what waits, what was lost or came twice.',
    from: 'now-3h',
    variables: [],
    rows: [
      {
        title: 'Turns and verdicts',
        panels: [
          lines(
            'Turns, by agent',
            's',
            quantiles('parley_effect_seconds', `{${product},type="think",outcome="succeeded"}`, 'service'),
          ),
          lines(
            'Verdicts',
            's',
            quantiles('parley_effect_seconds', `{${product},type="judge",outcome="succeeded"}`, 'service'),
          ),
          lines('First token, by model', 's', quantiles('parley_model_first_token_seconds', '', 'model')),
          lines('Debates that end', 'ops', [rateBy(`parley_debates_ended_total{${product}}`, 'outcome')]),
          lines('Turns, by model', 'ops', [rateBy('parley_turns_total', 'model')]),
          lines('Tokens a second', 'none', [rateBy('parley_model_tokens_total', 'model, direction')]),
          lines('Accuracy checks', 'ops', [rateBy('parley_accuracy_checks_total', 'check, result')]),
          lines('Probes', 'ops', [rateBy('parley_probe_debates_total', 'result')]),
          lines('How new turns are', 'ops', [rateBy('parley_turn_novelty_ratio_count', 'step')]),
        ],
      },
      {
        title: 'What waits',
        panels: [
          lines('Inputs not decided', 'none', [ofService('parley_inbox_backlog')]),
          lines('Effects that are due', 'none', [ofService('parley_effect_backlog')]),
          lines('Rows of the outbox', 'none', [ofService('parley_outbox_rows')]),
          lines('Oldest input', 's', [ofService('parley_inbox_oldest_age_seconds')], { limits: [30, 60] }),
          lines('Oldest effect', 's', [ofService('parley_effect_oldest_age_seconds')], { limits: [120, 300] }),
          lines('Oldest row of the outbox', 's', [ofService('parley_outbox_oldest_age_seconds')], { limits: [30, 60] }),
        ],
      },
      {
        title: 'What was lost, late or double',
        panels: [
          lines('Leases lost', 'ops', [rateBy('parley_leases_lost_total', 'service')]),
          lines('Answers fenced', 'ops', [rateBy('parley_completions_fenced_total', 'service')]),
          lines('Late answers dropped', 'ops', [rateBy('parley_late_answers_total', 'service')]),
          lines('Duplicates dropped', 'ops', [rateBy('parley_duplicates_dropped_total', 'service')]),
          lines('Dead letters', 'none', [rateBy('parley_dead_letters_total', 'service, topic')]),
          lines('Streams set aside', 'none', [ofService('parley_parked_streams')], { limits: [1, 2] }),
          lines('Refusals', 'ops', [rateBy('parley_refusals_total', 'service, code')], {
            emptyBecause: 'no input was refused',
          }),
          lines('Troubles that are tried again', 'ops', [rateBy('parley_troubles_total', 'service')]),
          lines('Consumer heartbeat', 's', [ofService('parley_consumer_heartbeat_age_seconds')], {
            emptyBecause: notKafka,
          }),
        ],
      },
      {
        title: 'The face',
        panels: [
          lines(
            'Answers',
            's',
            quantiles('parley_http_request_seconds', `{${product},route=~"/v1/.*"}`, 'route', [0.95]),
          ),
          lines('Requests', 'reqps', [rateBy(`parley_http_request_seconds_count{${product}}`, 'route, status')]),
          lines('503', 'reqps', [rateBy('parley_http_request_seconds_count{status="503"}', 'route')], {
            emptyBecause: 'nothing answered 503',
          }),
        ],
      },
    ],
  };
}

/** Models, and what they cost. */
export function models(): Board {
  const tokens = (direction: string, window: string) =>
    `sum by (model) (increase(parley_model_tokens_total{direction="${direction}"}[${window}]))`;
  const cost = (window: string) =>
    `(${tokens('input', window)} * $input_price + ${tokens('output', window)} * $output_price) / 1e6`;
  const event = (type: string) => `parley_model_events_total{type="${type}"}`;
  const quiet = (what: string) => ({ emptyBecause: what });
  return {
    uid: 'parley-models',
    title: 'Parley: models and cost',
    about: 'Tokens, money, and how models behave. Prices are of a million tokens, and are set above.',
    from: 'now-24h',
    variables: [
      { name: 'input_price', label: 'Price of 1 M tokens read', text: '0.15' },
      { name: 'output_price', label: 'Price of 1 M tokens written', text: '0.6' },
    ],
    rows: [
      {
        title: 'Tokens and money',
        panels: [
          lines('Tokens a second', 'none', [rateBy('parley_model_tokens_total', 'model, direction')], { width: 12 }),
          lines('Money of the hour before', 'currencyUSD', [{ expr: cost('1h'), name: '{{model}}' }], { width: 12 }),
          lines(
            'Tokens a debate',
            'none',
            [
              {
                expr: `sum(increase(parley_model_tokens_total[1h])) / (sum(increase(parley_debates_ended_total[1h])) > 0)`,
                name: 'tokens',
              },
            ],
            { width: 12, about: 'Probes count on both sides.' },
          ),
          lines(
            'Money a debate',
            'currencyUSD',
            [{ expr: `sum(${cost('1h')}) / (sum(increase(parley_debates_ended_total[1h])) > 0)`, name: 'money' }],
            { width: 12 },
          ),
        ],
      },
      {
        title: 'Behaviour',
        panels: [
          lines('Calls, by what happened', 'ops', [rateBy('parley_model_events_total', 'type')]),
          lines(
            'Calls that failed',
            'ops',
            [{ expr: `sum(rate(${event('failed')}${rate}))`, name: 'failed' }],
            quiet('no call has failed'),
          ),
          lines(
            'Calls tried again',
            'ops',
            [{ expr: `sum(rate(${event('retrying')}${rate}))`, name: 'retrying' }],
            quiet('no call was tried again'),
          ),
          lines(
            'Breaker',
            'ops',
            [{ expr: `sum by (type) (rate(parley_model_events_total{type=~"breaker-.*"}${rate}))`, name: '{{type}}' }],
            quiet('no breaker has opened'),
          ),
          lines(
            'Share that fell back to another model',
            'percentunit',
            [
              {
                expr: `sum(rate(${event('fell-back')}${rate})) / (sum(rate(${event('answered')}${rate})) > 0)`,
                name: 'fell back',
              },
            ],
            quiet('no call fell back'),
          ),
          lines(
            'Share of structured answers asked again',
            'percentunit',
            [
              {
                expr: `sum(rate(${event('structured')}${rate})) / (sum(rate(${event('answered')}${rate})) > 0)`,
                name: 'structured',
              },
            ],
            quiet('no model gave a structured answer'),
          ),
          lines(
            'Prompts, as a share of the estimate',
            'percentunit',
            quantiles('parley_prompt_tokens_ratio', '', 'model', [0.5, 0.95]),
          ),
          lines('Prompts cut in silence', 'ops', [rateBy('parley_prompt_truncations_total', 'model')]),
          lines('First token', 's', quantiles('parley_model_first_token_seconds', '', 'model')),
          lines('Sides given up', 'ops', [
            rateBy('parley_flips_total', 'model'),
            rateBy('parley_concessions_total', 'model'),
          ]),
          lines('Judges that changed with the sides', 'ops', [rateBy('parley_position_flips_total', 'model')]),
          lines('Verdicts', 'ops', [rateBy('parley_verdicts_total', 'outcome')]),
        ],
      },
    ],
  };
}

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
