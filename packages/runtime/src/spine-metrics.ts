import { audienceOf, audiences } from '@parley/contracts';
import type { SpineHooks } from '@parley/spine';
import { Counter, Histogram, type Registry } from 'prom-client';
import { measureBacklog } from './backlog-metrics.ts';
import { createTraced, observeTraced } from './exemplars.ts';
import type { IntakeHooks } from './intake.ts';
import type { Logger } from './logger.ts';

/** What a service tells about itself while it works. */
export type ServiceHooks = SpineHooks & IntakeHooks;

/** The hooks that are counted and logged. */
export type MeasuredHooks = Required<Omit<ServiceHooks, 'aroundTick' | 'aroundEffect' | 'aroundSend'>>;

/** Seconds; up to what a model on a CPU may take. */
const effectBuckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 327];

/** Outcomes of an attempt that somebody waits for. */
const effectOutcomes = ['succeeded', 'failed', 'unknown'] as const;

/** Codes with which deciders refuse an answer to a question that was taken back. */
const lateCodes: ReadonlySet<string> = new Set(['OUT_OF_TURN', 'NOT_ASSESSING']);

function metricsOf(registry: Registry) {
  const registers = [registry];
  const label = ['service'] as const;
  return {
    inputs: new Counter({ name: 'parley_inputs_total', help: 'Inputs handled.', labelNames: label, registers }),
    events: new Counter({ name: 'parley_events_total', help: 'Events appended.', labelNames: label, registers }),
    duplicates: new Counter({
      name: 'parley_duplicates_dropped_total',
      help: 'Inputs whose id had arrived before.',
      labelNames: label,
      registers,
    }),
    fenced: new Counter({
      name: 'parley_completions_fenced_total',
      help: 'Answers of effects that came too late to count.',
      labelNames: label,
      registers,
    }),
    refused: new Counter({
      name: 'parley_refusals_total',
      help: 'Inputs that a process refused, by code.',
      labelNames: ['service', 'code'] as const,
      registers,
    }),
    late: new Counter({
      name: 'parley_late_answers_total',
      help: 'Answers that came when nobody waited for them any more, and were dropped.',
      labelNames: label,
      registers,
    }),
    parked: new Counter({
      name: 'parley_streams_parked_total',
      help: 'Streams set aside because their decide threw.',
      labelNames: label,
      registers,
    }),
    deadLetters: new Counter({
      name: 'parley_dead_letters_total',
      help: 'Messages that could not be read and went to the dead letters, by the topic they came from.',
      labelNames: ['service', 'topic'] as const,
      registers,
    }),
    leasesLost: new Counter({
      name: 'parley_leases_lost_total',
      help: 'Leases that ended under a busy worker.',
      labelNames: label,
      registers,
    }),
    crashes: new Counter({
      name: 'parley_effect_crashes_total',
      help: 'Effects that were in flight when their process ended without notice, told by the process that takes them over. alone: nothing else ran beside them, so the end is laid at their door.',
      labelNames: ['service', 'alone'] as const,
      registers,
    }),
    poisoned: new Counter({
      name: 'parley_effects_poisoned_total',
      help: 'Effects that were set aside because their process ended each time they ran alone.',
      labelNames: label,
      registers,
    }),
    relayed: new Counter({
      name: 'parley_messages_sent_total',
      help: 'Messages handed to the bus.',
      labelNames: ['service', 'topic'] as const,
      registers,
    }),
    troubles: new Counter({
      name: 'parley_troubles_total',
      help: 'Faults of infrastructure that are tried again by themselves.',
      labelNames: label,
      registers,
    }),
    tickSeconds: new Histogram({
      name: 'parley_tick_seconds',
      help: 'One transaction over many streams.',
      labelNames: label,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    }),
    ticksFromMemory: new Counter({
      name: 'parley_ticks_from_memory_total',
      help: 'Transactions that went on from what the process remembered, and read nothing.',
      labelNames: label,
      registers,
    }),
    tickStreams: new Histogram({
      name: 'parley_tick_streams',
      help: 'Streams that one tick served.',
      labelNames: label,
      buckets: [0.5, 1.5, 2.5, 5.5, 10.5, 20.5, 50.5, 100.5, 200.5],
      registers,
    }),
    effectSeconds: createTraced(registry, {
      name: 'parley_effect_seconds',
      help: 'Work outside: model calls, timers.',
      labelNames: ['service', 'type', 'outcome', 'audience'] as const,
      buckets: effectBuckets,
    }),
  };
}

const known = new WeakMap<Registry, ReturnType<typeof metricsOf>>();

/** One set of metrics a registry, however many services share it. */
export function measureSpine(registry: Registry, service: string, logger: Logger): MeasuredHooks {
  let m = known.get(registry);
  if (m === undefined) {
    m = metricsOf(registry);
    known.set(registry, m);
  }
  const metrics = m;
  const of = { service };
  // A series that is born with its first fault has no increase that an alert could see.
  for (const counter of [
    m.inputs,
    m.events,
    m.duplicates,
    m.fenced,
    m.late,
    m.parked,
    m.leasesLost,
    m.poisoned,
    m.troubles,
    m.ticksFromMemory,
  ]) {
    counter.inc(of, 0);
  }
  for (const alone of ['true', 'false']) m.crashes.inc({ service, alone }, 0);
  return {
    onOpen(readBacklog, effects) {
      measureBacklog(registry, service, readBacklog);
      for (const type of effects)
        for (const outcome of effectOutcomes)
          for (const audience of audiences) metrics.effectSeconds.zero({ service, type, outcome, audience });
    },
    onListening(topics) {
      for (const topic of topics) metrics.deadLetters.inc({ service, topic }, 0);
    },
    onDeadLetter: (topic) => metrics.deadLetters.inc({ service, topic }),
    onTick(tick) {
      metrics.inputs.inc(of, tick.inputs);
      metrics.events.inc(of, tick.events);
      metrics.duplicates.inc(of, tick.duplicates);
      metrics.fenced.inc(of, tick.fenced);
      metrics.parked.inc(of, tick.parked);
      for (const [code, count] of tick.refused) {
        metrics.refused.inc({ service, code }, count);
        if (lateCodes.has(code)) metrics.late.inc(of, count);
      }
      metrics.tickSeconds.observe(of, tick.ms / 1000);
      metrics.tickStreams.observe(of, tick.streams);
      if (tick.isFromCache) metrics.ticksFromMemory.inc(of);
    },
    onParked: ({ traceparent: _, ...stream }) =>
      logger.error(stream, 'A stream is parked: its decide threw. Others go on.'),
    onEffect: ({ type, tenant, outcome, ms, traceparent }) =>
      observeTraced(
        metrics.effectSeconds,
        { service, type, outcome, audience: audienceOf(tenant) },
        ms / 1000,
        traceparent,
      ),
    onCrash({ wasAlone, ...effect }) {
      metrics.crashes.inc({ service, alone: String(wasAlone) });
      logger.warn({ ...effect, wasAlone }, 'A process ended while this effect was in flight; it is executed again.');
    },
    onPoison(effect) {
      metrics.poisoned.inc(of);
      logger.error(effect, 'An effect is set aside: its process ended each time it ran alone. Others go on.');
    },
    onLeaseLost(effect) {
      metrics.leasesLost.inc(of);
      logger.warn(effect, 'A lease ended under a busy worker; its answer will not count.');
    },
    onRelayed: ({ topic, messages }) => metrics.relayed.inc({ service, topic }, messages),
    onClockJump(byMs) {
      logger.warn(
        { bySeconds: Math.round(byMs / 1000) },
        'The clock of this machine was set, or it slept. Deadlines of what is under way have moved with it.',
      );
    },
    onTrouble(where, thrown) {
      metrics.troubles.inc(of);
      logger.warn({ err: thrown }, `Trouble while ${where}; trying again.`);
    },
  };
}
