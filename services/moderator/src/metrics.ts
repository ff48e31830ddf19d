import { type Audience, audiences } from '@parley/contracts';
import {
  type AccuracyCheck,
  accuracyChecks,
  heldUp,
  type ModelWaitingV1,
  type TurnRecordedV1,
  type VerdictGivenV1,
} from '@parley/contracts/debate';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Check } from './domain/assessment.ts';
import type { DebateEvent } from './domain/debate.ts';
import { flippedJudges } from './domain/panel.ts';
import type { ReplayEvent } from './domain/replay.ts';
import type { SkipCause } from './out/assess.ts';

export const debateOutcomes = ['verdict', 'no_verdict', 'failed', 'cancelled'] as const;
export type DebateOutcome = (typeof debateOutcomes)[number];

/** What became of a debate, from the one of its facts that says so. */
export function endOf(event: DebateEvent | ReplayEvent): DebateOutcome | undefined {
  if (event.type === 'verdict-given.v1') return event.data.verdict.outcome === 'unavailable' ? 'no_verdict' : 'verdict';
  if (event.type !== 'debate-closed.v1' || event.data.status === 'closed') return undefined;
  return event.data.status;
}

/** What the moderator tells about the turns it measures and the verdicts it gives. */
export interface TurnMetrics {
  /** `configured` as below. */
  onTurn(turn: TurnRecordedV1, configured: readonly string[]): void;
  onSkipped(check: Check, why: SkipCause): void;
  onWaiting(awaits: ModelWaitingV1['awaits']): void;
  onEnded(outcome: DebateOutcome, audience: Audience): void;
  onAccuracy(check: AccuracyCheck, isGood: boolean): void;
  /** `configured` are the models that get a label of their own: users may name any other. */
  onVerdict(given: VerdictGivenV1, configured: readonly string[]): void;
}

const known = new WeakMap<Registry, TurnMetrics>();

/** One set of metrics a registry. */
export function measureTurns(registry: Registry): TurnMetrics {
  const made = known.get(registry) ?? metricsOf(registry);
  known.set(registry, made);
  return made;
}

function metricsOf(registry: Registry): TurnMetrics {
  const registers = [registry];
  const novelty = new Histogram({
    name: 'parley_turn_novelty_ratio',
    help: 'How new recorded turns were, 1 = nothing of it was said before, by the step of the ladder that caught them.',
    labelNames: ['step'] as const,
    buckets: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    registers,
  });
  const skipped = new Counter({
    name: 'parley_checks_skipped_total',
    help: 'Checks of turns that were asked for and not made: off, uncalibrated for the script, failed, or not_needed.',
    labelNames: ['check', 'cause'] as const,
    registers,
  });
  const verdicts = new Counter({
    name: 'parley_verdicts_total',
    help: 'Verdicts of debates: pro, con, contested, or unavailable.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const outcome of ['pro', 'con', 'contested', 'unavailable']) verdicts.inc({ outcome }, 0);
  const flips = new Counter({
    name: 'parley_position_flips_total',
    help: 'Judges that named the other side when the sides changed places. Models that are not configured count as "other".',
    labelNames: ['model'] as const,
    registers,
  });
  const ended = new Counter({
    name: 'parley_debates_ended_total',
    help: 'Debates that ended: with a verdict, without one, because a debater failed, or cancelled.',
    labelNames: ['outcome', 'audience'] as const,
    registers,
  });
  for (const outcome of debateOutcomes) for (const audience of audiences) ended.inc({ outcome, audience }, 0);
  const accuracy = new Counter({
    name: 'parley_accuracy_checks_total',
    help: 'Turns and verdicts that were checked again after the debate: usable, on their side, the winner stands.',
    labelNames: ['check', 'result'] as const,
    registers,
  });
  for (const check of accuracyChecks) for (const result of ['good', 'bad']) accuracy.inc({ check, result }, 0);
  const waits = new Counter({
    name: 'parley_model_waits_total',
    help: 'Outages of a model that a debate has waited out or waits out, by what they held up.',
    labelNames: ['awaits'] as const,
    registers,
  });
  for (const awaits of heldUp) waits.inc({ awaits }, 0);
  const ofModel = { labelNames: ['model'] as const, registers };
  const turns = new Counter({
    name: 'parley_turns_total',
    help: 'Recorded turns by the model that spoke. Models that are not configured count as "other".',
    ...ofModel,
  });
  const changes = new Counter({
    name: 'parley_flips_total',
    help: 'Recorded turns that argue for the other side, and did so when asked once more.',
    ...ofModel,
  });
  const concessions = new Counter({
    name: 'parley_concessions_total',
    help: 'Recorded turns in which a side gave in.',
    ...ofModel,
  });
  return {
    onVerdict({ verdict, votes = [] }, configured) {
      verdicts.inc({ outcome: verdict.outcome });
      for (const model of configured) flips.inc({ model }, 0);
      for (const judge of flippedJudges(votes)) flips.inc({ model: configured.includes(judge) ? judge : 'other' });
    },
    onTurn({ model, concedes, flip, novelty: { step, score } }, configured) {
      novelty.observe({ step }, score);
      const of = { model: configured.includes(model) ? model : 'other' };
      turns.inc(of);
      changes.inc(of, flip ? 1 : 0);
      concessions.inc(of, concedes ? 1 : 0);
    },
    onWaiting: (awaits) => waits.inc({ awaits }),
    onEnded: (outcome, audience) => ended.inc({ outcome, audience }),
    onAccuracy: (check, isGood) => accuracy.inc({ check, result: isGood ? 'good' : 'bad' }),
    onSkipped: (check, cause) => skipped.inc({ check, cause }),
  };
}
