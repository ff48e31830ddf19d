import { ParleyError } from '@parley/contracts';
import { type Floor, otherSide, type Side } from '@parley/contracts/debate';
import type { StoredEvent } from '@parley/spine';
import type { Compacted } from '../domain/context.ts';
import type { Remembered } from '../domain/prompt.ts';
import { turnOf } from '../domain/turn-stream.ts';
import { roundsRemembered } from './recall.ts';

/** Rounds that are put into a summary at once, long before the next ones have to be. */
const roundsPerSummary = 4;

/**
 * The floor that a turn's stream begins with.
 * @throws ParleyError INTERNAL: it does not
 */
export function floorIn(events: readonly StoredEvent[], own: string): Floor {
  const given = events.find(({ stream, type }) => stream === own && type === 'floor-given');
  if (given === undefined) throw new ParleyError('INTERNAL', `The stream ${own} has no floor.`);
  return (given.data as unknown as { floor: Floor }).floor;
}

export interface Memory {
  /** What was said since the summary ends, oldest first. */
  readonly turns: readonly Remembered[];
  readonly compacted: Compacted | undefined;
}

/** What those streams say. A side's turn stream holds the opponent's words that it answered. */
export function remember(events: readonly StoredEvent[], floor: Pick<Floor, 'round' | 'side'>): Memory {
  const mine = floor.side;
  const other = otherSide[mine];
  let compacted: Compacted | undefined;
  const heard = new Map<number, string>();
  const said = new Map<number, string>();
  for (const event of events) {
    const { round } = turnOf(event.stream);
    if (event.type === 'floor-given') {
      const { opponentText } = event.data as { opponentText: string | null };
      // Con answers pro's turn of the same round, pro that of the round before.
      if (opponentText !== null) heard.set(mine === 'con' ? round : round - 1, opponentText);
    } else if (event.type === 'turn-replied.v1' && round < floor.round) {
      // A later attempt stands for the earlier, which was not taken; so was every one of the present round.
      said.set(round, (event.data as { text: string }).text);
    } else if (event.type === 'memory-compacted') {
      const one = event.data as unknown as Compacted;
      if (compacted === undefined || one.upToRound > compacted.upToRound) compacted = one;
    }
  }
  const since = compacted?.upToRound ?? 0;
  const turns: Remembered[] = [];
  for (const round of [...new Set([...heard.keys(), ...said.keys()])].sort((a, b) => a - b)) {
    if (round <= since) continue;
    const both = { [mine]: said.get(round), [other]: heard.get(round) } as Record<Side, string | undefined>;
    for (const side of ['pro', 'con'] as const) {
      const text = both[side];
      if (text !== undefined) turns.push({ round, side, text });
    }
  }
  return { turns, compacted };
}

/** The rounds up to this one are put into a summary now, because later turns will not read them; 0 = none. */
export function leavingRound({ turns }: Memory, floor: Pick<Floor, 'round' | 'maxRounds'>): number {
  const oldest = turns[0]?.round ?? floor.round;
  const isLeaving = floor.round < floor.maxRounds && oldest <= floor.round - roundsRemembered + 1;
  return isLeaving ? floor.round - roundsPerSummary : 0;
}
