import type { Alert, RuleGroup } from './rule.ts';
import { runbookUrl } from './runbook.ts';

interface State {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly description: string;
  /** Series and a value of theirs at which it alerts, and one at which it does not. */
  readonly example: { readonly series: string; readonly bad: string; readonly good: string };
}

/** States in which work waits: they say where to look when a budget burns, or before it does. */
export const states: readonly State[] = [
  {
    alert: 'OutboxStuck',
    expr: 'max by (service) (parley_outbox_oldest_age_seconds) > 60',
    for: '5m',
    severity: 'page',
    summary: 'Messages of {{ $labels.service }} do not leave.',
    description: 'The oldest is {{ $value | humanizeDuration }} old: the bus takes nothing, or no relay runs.',
    example: { series: 'parley_outbox_oldest_age_seconds{service="gateway"}', bad: '90+0x60', good: '1+0x60' },
  },
  {
    alert: 'InboxStuck',
    expr: 'max by (service) (parley_inbox_oldest_age_seconds) > 60',
    for: '5m',
    severity: 'page',
    summary: 'Inputs of {{ $labels.service }} are not decided.',
    description: 'The oldest is {{ $value | humanizeDuration }} old: no replica takes it, or the database is slow.',
    example: { series: 'parley_inbox_oldest_age_seconds{service="moderator"}', bad: '90+0x60', good: '1+0x60' },
  },
  {
    alert: 'EffectsWait',
    expr: 'max by (service) (parley_effect_oldest_age_seconds) > 300',
    for: '10m',
    severity: 'ticket',
    summary: 'Work of {{ $labels.service }} waits for a worker.',
    description:
      'The oldest is due for {{ $value | humanizeDuration }}: too few replicas, or a model that is too slow.',
    example: { series: 'parley_effect_oldest_age_seconds{service="debater-a"}', bad: '400+0x60', good: '30+0x60' },
  },
  {
    alert: 'ConsumerSilent',
    expr: 'max by (service) (parley_consumer_heartbeat_age_seconds) > 10',
    for: '2m',
    severity: 'page',
    summary: 'A consumer of {{ $labels.service }} is out of its group.',
    description:
      'Its last heartbeat is {{ $value | humanizeDuration }} old; its partitions go to others, or to nobody.',
    example: {
      series: 'parley_consumer_heartbeat_age_seconds{service="debater-b"}',
      bad: '30+0x60',
      good: '1+0x60',
    },
  },
  {
    alert: 'DatabaseSilent',
    expr: 'sum by (service) (increase(parley_backlog_read_failures_total[5m])) > 2',
    for: '2m',
    severity: 'page',
    summary: 'The database of {{ $labels.service }} does not answer within a second.',
    description: 'How much work waits is not known meanwhile.',
    example: { series: 'parley_backlog_read_failures_total{service="gateway"}', bad: '0+4x60', good: '0+0x60' },
  },
];

export function stateRules(runbooks: string): RuleGroup {
  return { name: 'parley-states', rules: states.map((each) => stateAlert(each, runbooks)) };
}

function stateAlert({ alert, expr, severity, summary, description, for: after }: State, runbooks: string): Alert {
  return {
    alert,
    expr,
    for: after,
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(runbooks, alert) },
  };
}
