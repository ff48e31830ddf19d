import { randomUUID } from 'node:crypto';
import type { MessageBus } from '@parley/bus';
import { deadLetterTopic, type Message, topics } from '@parley/contracts';
import type {
  DebateClosedV1,
  DebateStartedV1,
  DeltaV1,
  Floor,
  TurnRecordedV1,
  VerdictGivenV1,
} from '@parley/contracts/debate';
import type { StreamParkedV1 } from '@parley/contracts/spine';

const time = '2026-01-02T03:04:05.678Z';
const floor: Floor = { round: 1, side: 'pro', topic: 'Tea', maxRounds: 8, deadlineAt: 2_000_000_000_000, attempt: 1 };

function fact(debate: string, sequence: number, type: string, data: unknown): Message {
  return { id: `debate/${debate}/${sequence}`, type, source: 'moderator', subject: debate, time, sequence, data };
}

const started: DebateStartedV1 = {
  topic: 'Tea is better than coffee',
  maxRounds: 8,
  minRounds: 2,
  sides: { pro: {}, con: {} },
  stopWhenRedundant: true,
  deadlineAt: floor.deadlineAt,
  next: floor,
};

export function turn(number: number): TurnRecordedV1 {
  return {
    round: Math.ceil(number / 2),
    side: number % 2 === 1 ? 'pro' : 'con',
    text: `Turn ${number}. 茶 ☕`,
    model: 'rehearsal',
    isRehearsal: true,
    usage: { inputTokens: 10, outputTokens: 5 },
    novelty: { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' },
    concedes: false,
    flip: false,
    next: floor,
  };
}

export const verdict: VerdictGivenV1['verdict'] = { outcome: 'unavailable', reason: 'Nobody judged.' };

/** The facts of a whole debate, numbered 1..n: started, its turns, stopped, verdict, closed. */
export function factsOf(debate: string, turns: number, end: DebateClosedV1['status'] = 'closed'): Message[] {
  const stopReason = end === 'cancelled' ? 'cancelled' : 'max_rounds';
  const said = Array.from({ length: turns }, (_, i) => fact(debate, i + 2, 'turn-recorded.v1', turn(i + 1)));
  return [
    fact(debate, 1, 'debate-started.v1', started),
    ...said,
    fact(debate, turns + 2, 'debate-stopped.v1', { stopReason, alsoTrue: ['redundant'], rounds: turns >> 1 }),
    fact(debate, turns + 3, 'verdict-given.v1', { verdict }),
    fact(debate, turns + 4, 'debate-closed.v1', { status: end, stopReason }),
  ];
}

/** The only fact of a replay that has failed. */
export function failedReplay(debate: string, replay: string): Message {
  const data = { debate, reason: 'No such log.' };
  return { ...fact(debate, 1, 'replay-failed.v1', data), id: `replay/${replay}/1`, subject: replay };
}

export function parkedReport(debate: string): Message {
  const data: StreamParkedV1 = {
    service: 'moderator',
    kind: 'debate',
    stream: debate,
    input: 'turn-replied.v1',
    reason: 'decide threw',
  };
  return { id: `parked/${debate}`, type: 'stream-parked.v1', source: 'moderator', subject: debate, time, data };
}

/** Resolves when the gateway has taken it over. */
export async function park(bus: MessageBus, stream: string, tenant = 'default'): Promise<void> {
  await publish(bus, [{ ...parkedReport(stream), id: `parked/${randomUUID()}`, tenant }]);
}

/** A command that the moderator could not read, as it lies among the dead letters. */
export function letterOf(tenant: string, offset: number, change: Partial<Message> = {}): Message {
  const topic = topics.debateCommands.name;
  const original: Message = {
    id: `cancel/${offset}`,
    type: 'cancel-debate.v1',
    source: 'gateway',
    subject: randomUUID(),
    time,
    data: {},
    tenant,
    ...change,
  };
  const reason = 'type is unknown to this build';
  const place = { group: 'moderator', topic, partition: 0, offset: String(offset) };
  return {
    id: `dead/moderator/${topic}/0/${offset}`,
    type: 'dead-letter.v1',
    source: 'moderator',
    subject: `${topic}/0`,
    time,
    reason,
    tenant,
    data: { reason, ...place, original: JSON.stringify(original) },
  };
}

/** Resolves when the gateway has taken them over. */
export function bury(bus: MessageBus, letters: readonly Message[]): Promise<void> {
  return bus.publish(deadLetterTopic(topics.debateCommands.name), letters);
}

/** A token delta as debaters broadcast it. */
export function deltaOf(debate: string, number: number, text: string, over: Partial<DeltaV1> = {}): Message {
  const data = { round: 1, side: 'pro', offset: number, text, ...over };
  return { id: `${debate}/delta/${number}`, type: 'delta.v1', source: 'debater-a', subject: debate, time, data };
}

/** Resolves when the gateway has taken them over. */
export function publish(bus: MessageBus, messages: readonly Message[]): Promise<void> {
  return bus.publish(topics.debateEvents.name, messages);
}
