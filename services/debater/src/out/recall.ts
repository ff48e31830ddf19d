import type { Spine, StoredEvent } from '@parley/spine';
import { turnId, turnOf } from '../in/topics.ts';

/** How many of the last rounds a debater reads again. Bounded, so that a turn costs the same in every round. */
export const roundsRemembered = 8;
/** How often the moderator asks for one turn, as a rule: again when its side was switched, and after a pause. */
const attempts = 3;
/** Rounds that are over and that a process keeps in mind, of all debates: 2 MB as a rule, 32 MB at the most. */
const roundsInMind = 1_000;

/** One round of a debate: its turn's streams in this debater's own log, by the first one's id. */
interface Round {
  readonly id: string;
  readonly streams: readonly string[];
}

/** The rounds that a turn's stream looks back on, oldest first; the last is its own, with that stream in any case. */
export function rememberedRounds(own: string): Round[] {
  const { debate, round: last, side } = turnOf(own);
  const rounds: Round[] = [];
  for (let round = Math.max(1, last - roundsRemembered + 1); round <= last; round++) {
    const streams = new Set<string>();
    for (let attempt = 1; attempt <= attempts; attempt++) streams.add(turnId(debate, round, side, attempt));
    if (round === last) streams.add(own);
    rounds.push({ id: turnId(debate, round, side), streams: [...streams] });
  }
  return rounds;
}

/**
 * Reads the log of the rounds that a turn looks back on. A round that is over never changes, so it is read once; after
 * a restart, or at another replica, the log tells it again.
 */
export function createRecall(readStreams: Spine['readStreams'], limit = roundsInMind) {
  const known = new Map<string, readonly StoredEvent[]>();
  return async (own: string): Promise<StoredEvent[]> => {
    const rounds = rememberedRounds(own);
    const unknown = rounds.filter(({ id }) => !known.has(id));
    const read = Map.groupBy(await readStreams(unknown.flatMap(({ streams }) => streams)), ({ stream }) => {
      const { debate, round, side } = turnOf(stream);
      return turnId(debate, round, side);
    });
    const events = rounds.flatMap(({ id }) => known.get(id) ?? read.get(id) ?? []);
    for (const { id } of unknown.slice(0, -1)) known.set(id, (read.get(id) ?? []).flatMap(lean));
    for (const oldest of known.keys()) {
      if (known.size <= limit) break;
      known.delete(oldest);
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
