import { type Board, lines } from './board.ts';
import { faces, notKafka, ofService, quantiles, rateBy } from './queries.ts';

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
          lines('Turns a second, by agent', 'ops', [
            rateBy('parley_effect_seconds_count{type="think",outcome="succeeded"}', 'service'),
          ]),
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
          lines('Answers', 's', quantiles('parley_http_request_seconds', `{${product},${faces}}`, 'route', [0.95])),
          lines('Requests', 'reqps', [rateBy(`parley_http_request_seconds_count{${product}}`, 'route, status')]),
          lines('503', 'reqps', [rateBy('parley_http_request_seconds_count{status="503"}', 'route')], {
            emptyBecause: 'nothing answered 503',
          }),
        ],
      },
    ],
  };
}
