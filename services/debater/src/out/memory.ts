import type { Floor, Side } from '@parley/contracts';
import type { StoredEvent } from '@parley/spine';
import type { Remembered } from '../domain/prompt.ts';
import { turnId } from '../in/topics.ts';

/** How many of the last rounds a debater has before its eyes. Bounded, so that a turn costs the same in every round. */
export const roundsRemembered = 3;

/** The streams in this debater's own log that hold those rounds, the present turn included. */
export function rememberedStreams(debate: string, floor: Floor): string[] {
  const streams: string[] = [];
  for (let round = Math.max(1, floor.round - roundsRemembered + 1); round <= floor.round; round++) {
    const attempts = new Set(round < floor.round ? [1, 2] : [1, floor.attempt]);
    for (const attempt of attempts) streams.push(turnId(debate, round, floor.side, attempt));
  }
  return streams;
}

/**
 * What was said in them, oldest first. A side's turn stream holds the opponent's words that it answered; of a turn that
 * was asked for more than once the last answer is the one that was taken.
 */
export function remember(events: readonly StoredEvent[], mine: Side): Remembered[] {
  const other: Side = mine === 'pro' ? 'con' : 'pro';
  const said: Remembered[] = [];
  for (const event of events) {
    const round = roundOf(event.stream);
    if (event.type === 'floor-given') {
      const { opponentText } = event.data as { opponentText: string | null };
      // Con answers pro's turn of the same round, pro that of the round before.
      if (opponentText !== null)
        said.push({ round: mine === 'con' ? round : round - 1, side: other, text: opponentText });
    } else if (event.type === 'turn-replied.v1') {
      if (said.at(-1)?.side === mine && said.at(-1)?.round === round) said.pop();
      said.push({ round, side: mine, text: (event.data as { text: string }).text });
    }
  }
  return said;
}

function roundOf(stream: string): number {
  return Number(stream.split('/')[1]);
}
