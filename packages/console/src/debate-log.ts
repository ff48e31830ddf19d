import type {
  DebateStartedV1,
  DebateStoppedV1,
  DeltaV1,
  ModelWaitingV1,
  Side,
  StopReason,
  TurnRecordedV1,
  VerdictGivenV1,
} from '@parley/contracts/debate';
import type { NumberedFact } from '@parley/sdk';

export interface Turn extends Omit<TurnRecordedV1, 'next'> {
  readonly seq: number;
  readonly traceId: string | undefined;
}

/** A turn while it is written. `from` is how much was sent before this page listened. */
export interface LiveTurn {
  readonly round: number;
  readonly side: Side;
  readonly from: number;
  readonly text: string;
}

/** What happened between two turns; `round` is the last one that had begun. */
export type Aside =
  | { readonly kind: 'note'; readonly seq: number; readonly round: number; readonly text: string }
  | { readonly kind: 'paused' | 'resumed'; readonly seq: number; readonly round: number }
  | {
      readonly kind: 'rejected';
      readonly seq: number;
      readonly round: number;
      readonly side: Side;
      readonly text: string;
    }
  | { readonly kind: 'polled'; readonly seq: number; readonly round: number; readonly poll: VerdictGivenV1 };

/** A debate as its log tells it so far. */
export interface DebateLog {
  /** The last event that was taken; what comes next is one more. */
  readonly seq: number;
  readonly setup?: DebateStartedV1;
  readonly startedAt?: string;
  readonly turns: readonly Turn[];
  readonly asides: readonly Aside[];
  readonly live?: LiveTurn | undefined;
  readonly isPaused: boolean;
  /** What a model that is away or busy holds up now. */
  readonly waiting?: ModelWaitingV1 | undefined;
  readonly stopped?: DebateStoppedV1;
  readonly given?: VerdictGivenV1;
  readonly closed?: { readonly status: 'closed' | 'cancelled' | 'failed'; readonly stopReason: StopReason };
}

export const emptyLog: DebateLog = { seq: 0, turns: [], asides: [], isPaused: false };

/** Takes the next fact. One that was taken before changes nothing, so a stream may be resumed generously. */
export function withEvent(log: DebateLog, event: NumberedFact): DebateLog {
  if (event.seq <= log.seq) return log;
  const { seq } = event;
  // Notes and polls come beside a turn and say nothing of its model.
  const isBeside = event.type === 'note-added.v1' || event.type === 'judge-polled.v1';
  const next = { ...log, seq, waiting: isBeside ? log.waiting : undefined };
  const round = Math.max(1, roundOf(log));
  const aside = (one: Aside): DebateLog => ({ ...next, asides: [...log.asides, one] });
  switch (event.type) {
    case 'debate-started.v1':
      return { ...next, setup: event.data, startedAt: event.at };
    case 'turn-recorded.v1': {
      const { next: _floor, ...turn } = event.data;
      return { ...next, live: undefined, turns: [...log.turns, { ...turn, seq, traceId: event.traceId }] };
    }
    case 'turn-rejected.v1':
      return {
        ...aside({ kind: 'rejected', seq, round: event.data.round, side: event.data.side, text: event.data.reason }),
        live: undefined,
      };
    case 'note-added.v1':
      return aside({ kind: 'note', seq, round, text: event.data.text });
    case 'model-waiting.v1':
      return { ...next, waiting: event.data };
    case 'debate-paused.v1':
      return { ...aside({ kind: 'paused', seq, round }), isPaused: true, live: undefined };
    case 'debate-resumed.v1':
      return { ...aside({ kind: 'resumed', seq, round }), isPaused: false };
    case 'judge-polled.v1':
      return aside({ kind: 'polled', seq, round: event.data.round, poll: event.data });
    case 'debate-stopped.v1':
      return { ...next, live: undefined, isPaused: false, stopped: event.data };
    case 'verdict-given.v1':
      return { ...next, given: event.data };
    case 'debate-closed.v1':
      return { ...next, live: undefined, isPaused: false, closed: event.data };
    default:
      return next;
  }
}

/** Takes a piece of a turn that is being written. Pieces travel beside the facts: one of a whole turn may come late. */
export function withDelta(log: DebateLog, { round, side, offset, text }: DeltaV1): DebateLog {
  const isWhole = log.turns.some((turn) => turn.round === round && turn.side === side);
  if (isWhole || log.stopped !== undefined || log.isPaused) return log;
  const live = log.live?.round === round && log.live.side === side ? log.live : undefined;
  if (live === undefined || offset === 0) return { ...log, live: { round, side, from: offset, text } };
  if (offset !== live.from + live.text.length) return log;
  return { ...log, live: { ...live, text: live.text + text } };
}

/** The last round that anything is known of. */
function roundOf({ turns, live, asides }: DebateLog): number {
  return Math.max(0, live?.round ?? 0, turns.at(-1)?.round ?? 0, asides.at(-1)?.round ?? 0);
}

/** Rounds that have begun. */
export function roundsOf(log: DebateLog): number[] {
  return Array.from({ length: roundOf(log) }, (_, i) => i + 1);
}
