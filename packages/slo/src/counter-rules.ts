import type { Alert, RuleGroup } from './rule.ts';
import { runbookUrl } from './runbook.ts';

interface Watched {
  readonly alert: string;
  readonly series: string;
  readonly severity: 'page' | 'ticket';
  readonly by: readonly string[];
  readonly summary: string;
  readonly description: string;
}

/** Counters that have no budget: one increase is one too many. */
export const watchedCounters: readonly Watched[] = [
  {
    alert: 'StreamParked',
    series: 'parley_streams_parked_total',
    severity: 'page',
    by: ['service'],
    summary: '{{ $labels.service }} has set a stream aside.',
    description: 'Its decide threw: a bug. The stream stands still until it is mended and unparked; others go on.',
  },
  {
    alert: 'DeadLetter',
    series: 'parley_dead_letters_total',
    severity: 'page',
    by: ['service', 'topic'],
    summary: '{{ $labels.service }} could not read a message of {{ $labels.topic }}.',
    description: 'It lies in the dead letters; what it said has not happened.',
  },
  {
    alert: 'EffectOutcomeUnknown',
    series: 'parley_effect_seconds_count{outcome="unknown"}',
    severity: 'ticket',
    by: ['service', 'type'],
    summary: '{{ $labels.service }} does not know whether a {{ $labels.type }} happened.',
    description: 'A process died in the middle of work that may not be repeated.',
  },
  {
    alert: 'EffectPoisoned',
    series: 'parley_effects_poisoned_total',
    severity: 'ticket',
    by: ['service'],
    summary: '{{ $labels.service }} has set an effect aside, because its process ended each time it ran alone.',
    description: 'Something that it calls ends processes. What asked for it has been told; others go on.',
  },
  {
    alert: 'CompletionFenced',
    series: 'parley_completions_fenced_total',
    severity: 'ticket',
    by: ['service'],
    summary: 'An answer in {{ $labels.service }} came after its lease and was dropped.',
    description: 'Nothing is wrong in the log: the fence held. But work was done twice, and a worker was too slow.',
  },
  {
    alert: 'LeaseLost',
    series: 'parley_leases_lost_total',
    severity: 'ticket',
    by: ['service'],
    summary: 'A lease ended under a busy worker of {{ $labels.service }}.',
    description: 'The worker could not renew it in time: a stalled process, or a database that did not answer.',
  },
  {
    alert: 'PromptTruncated',
    series: 'parley_prompt_truncations_total',
    severity: 'ticket',
    by: ['model'],
    summary: 'The server of {{ $labels.model }} cut a prompt without saying so.',
    description: 'A debater answered without having seen all of what was said.',
  },
  {
    alert: 'BreakerOpened',
    series: 'parley_model_events_total{type="breaker-opened"}',
    severity: 'ticket',
    by: ['type'],
    summary: 'A model is not asked any more for a while.',
    description: 'It failed too often in a row; others of the strategy answer, or turns wait.',
  },
];

const window = '10m';

export function counterRules(runbooks: string): RuleGroup {
  return { name: 'parley-counters', rules: watchedCounters.map((each) => counterAlert(each, runbooks)) };
}

/** A series that is born above zero has no increase, so that its birth counts as one. */
function counterAlert({ alert, series, severity, by, summary, description }: Watched, runbooks: string): Alert {
  const labels = by.join(', ');
  return {
    alert,
    expr:
      `sum by (${labels}) (increase(${series}[${window}])) > 0\nor\n` +
      `sum by (${labels}) (${series} unless ${series} offset ${window}) > 0`,
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(runbooks, alert) },
  };
}
