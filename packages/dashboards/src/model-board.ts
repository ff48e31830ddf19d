import { type Board, lines } from './board.ts';
import { quantiles, rate, rateBy } from './queries.ts';

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
