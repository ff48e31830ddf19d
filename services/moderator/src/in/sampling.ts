import { audienceOf, type Fact, type Message } from '@parley/contracts';
import { idOf, type Reading } from '@parley/runtime';
import type { AccuracyInput, Sample } from '../domain/accuracy.ts';
import { isSampled } from '../domain/accuracy-sample.ts';

/** What is looked at again, and what that may cost. */
export interface Sampling {
  /** Share of turns and of verdicts, 0..1. */
  readonly ratio: number;
  /** Most tokens of one tenant in a day (UTC). */
  readonly tokensPerDay: number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Time after midnight for what is left of a day's sample. */
const graceMs = 60 * 60 * 1000;

/**
 * A turn or verdict that belongs to the sample, as an input of its tenant's day; nothing for the rest. A debate without
 * a winner has nothing that could stand, and probes are no product.
 */
export function readSample(fact: Fact, message: Message, { ratio }: Sampling): Reading {
  const sample = sampleOf(fact, message.subject);
  if (sample === undefined || audienceOf(message.tenant) === 'probe' || !isSampled(message.id, ratio)) return undefined;
  const day = Math.floor(Date.parse(message.time) / dayMs);
  const input: AccuracyInput = { type: 'sample', data: { ...sample, endsAt: (day + 1) * dayMs + graceMs } };
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  return {
    id: `sample/${message.id}`,
    kind: 'accuracy',
    stream: idOf(`accuracy/${message.tenant ?? ''}/${date}`),
    input,
    traceparent: message.traceparent,
  };
}

function sampleOf(fact: Fact, debate: string): Sample | undefined {
  if (fact.type === 'turn-recorded.v1') return { debate, turn: { round: fact.data.round, side: fact.data.side } };
  if (fact.type !== 'verdict-given.v1') return undefined;
  const { outcome } = fact.data.verdict;
  return outcome === 'pro' || outcome === 'con' ? { debate } : undefined;
}
