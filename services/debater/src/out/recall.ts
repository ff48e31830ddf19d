import type { Spine, StoredEvent } from '@parley/spine';
import { turnId, turnOf } from '../domain/turn-stream.ts';

/** Number of last rounds that a debater reads again. Bounded, so that a turn costs the same in every round. */
export const roundsRemembered = 8;
/** Requests of the moderator for one turn, as a rule: again when its side was switched, and after a pause. */
const attempts = 3;
/** Finished rounds of all debates that a process keeps in mind: at least this many, at most twice that; 2 to 64 MB. */
const roundsInMind = 1_000;

/** The rounds that a turn's stream looks back on, by the stream of their first attempt, oldest first; its own is last. */
export function rememberedRounds(own: string): string[] {
  const { debate, round: last, side } = turnOf(own);
  const rounds: string[] = [];
  for (let round = Math.max(1, last - roundsRemembered + 1); round <= last; round++) {
    rounds.push(turnId(debate, round, side));
  }
  return rounds;
}

/** Streams of this debater's own log that may hold the words of a round. */
export function streamsOf(round: string): string[] {
  const { debate, round: number, side } = turnOf(round);
  return Array.from({ length: attempts }, (_, i) => turnId(debate, number, side, i + 1));
}

/**
 * Reads the log of the rounds that a turn looks back on. A round that is over never changes, so it is read once; after
 * a restart, or at another replica, the log tells it again.
 */
export function createRecall(readStreams: Spine['readStreams'], least = roundsInMind) {
  // Two generations: the older one goes as a whole, which costs nothing per round.
  let known = new Map<string, readonly StoredEvent[]>();
  let older = known;
  const find = (round: string) => known.get(round) ?? older.get(round);
  return async (own: string): Promise<StoredEvent[]> => {
    const rounds = rememberedRounds(own);
    const present = rounds.pop() as string;
    const unknown = rounds.filter((round) => find(round) === undefined);
    const streams = new Set([...unknown, present].flatMap(streamsOf)).add(own);
    const read = Map.groupBy(await readStreams([...streams]), ({ stream }) => {
      const { debate, round, side } = turnOf(stream);
      return turnId(debate, round, side);
    });
    const events = rounds.flatMap((round) => find(round) ?? read.get(round) ?? []).concat(read.get(present) ?? []);
    for (const round of unknown) known.set(round, (read.get(round) ?? []).flatMap(lean));
    if (known.size >= least) {
      older = known;
      known = new Map();
    }
    return events;
  };
}

/** What is of use to later turns: the words, and not the floor with its evidence. */
function lean(event: StoredEvent): StoredEvent[] {
  const data = event.data as Record<string, StoredEvent['data']>;
  switch (event.type) {
    case 'floor-given':
      return [{ ...event, data: { opponentText: data.opponentText ?? null } }];
    case 'turn-replied.v1':
      return [{ ...event, data: { text: data.text ?? '' } }];
    case 'memory-compacted':
      return [event];
    default:
      return [];
  }
}
