import { type DegradationPolicy, type Degraded, measures } from '@parley/contracts/debate';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type PushResult, pushResults } from './domain/push.ts';

/** What the gateway tells about its own probes. */
export interface ProbeMetrics {
  onProbe(hasSucceeded: boolean): void;
}

/** Once a registry. @param everySeconds how often is probed; 0 = never */
export function measureProbes(registry: Registry, everySeconds: number): ProbeMetrics {
  const registers = [registry];
  const probes = new Counter({
    name: 'parley_probe_debates_total',
    help: 'Debates that Parley held to see whether it works: succeeded with a verdict in time, or failed.',
    labelNames: ['result'] as const,
    registers,
  });
  for (const result of ['succeeded', 'failed']) probes.inc({ result }, 0);
  const last = new Gauge({
    name: 'parley_probe_last_success_timestamp_seconds',
    help: 'When this process last saw a probe succeed, in Unix time; 0 = never.',
    registers,
  });
  new Gauge({
    name: 'parley_probe_interval_seconds',
    help: 'How often a probe is held; 0 = never, so that nobody misses them.',
    registers,
  }).set(everySeconds);
  return {
    onProbe(hasSucceeded) {
      probes.inc({ result: hasSucceeded ? 'succeeded' : 'failed' });
      if (hasSucceeded) last.setToCurrentTime();
    },
  };
}

/** @param policy whose series are there from the start, at zero */
export function measureDegraded(registry: Registry, policy: DegradationPolicy): (degraded: Degraded) => void {
  const counter = new Counter({
    name: 'parley_debates_degraded_total',
    help: 'Debates that were made smaller because an error budget runs out, by what was lowered.',
    labelNames: ['slo', 'measure'] as const,
    registers: [registry],
  });
  for (const { slo, ...rule } of policy)
    for (const measure of measures) if (rule[measure] !== undefined) counter.inc({ slo, measure }, 0);
  return ({ slo, to }) => {
    for (const measure of measures) if (to[measure] !== undefined) counter.inc({ slo, measure });
  };
}

/** Push notifications of A2A, by what became of each attempt. */
export function measurePushes(registry: Registry): (result: PushResult) => void {
  const counter = new Counter({
    name: 'parley_push_notifications_total',
    help: 'Requests that told a receiver of an event: acknowledged, failed and tried again, or given up after a day.',
    labelNames: ['result'] as const,
    registers: [registry],
  });
  for (const result of pushResults) counter.inc({ result }, 0);
  return (result) => counter.inc({ result });
}
