import type { DeltaV1, Fact } from '@parley/contracts';
import { type Missing, missingOf, type PartialTurn, type Received, receive, recorded } from '../domain/partial-turn.ts';

/** How far one client has been told of the turn that is being written. */
export function createPartialTurn() {
  let writing: PartialTurn | undefined;
  const now = (): PartialTurn | undefined => (writing === undefined || writing.told === '' ? undefined : writing);
  return {
    hear(delta: DeltaV1): Received {
      const heard = receive(writing, delta);
      writing = heard.writing;
      return heard;
    },
    record(turn: Fact<'turn-recorded.v1'>['data']): Missing {
      const lacks = missingOf(writing, turn);
      writing = recorded(turn);
      return lacks;
    },
    /** The turn that something was told of and that is not recorded yet. */
    now,
    /** It never will be. */
    giveUp(): PartialTurn | undefined {
      const was = now();
      if (was !== undefined) writing = undefined;
      return was;
    },
  };
}
