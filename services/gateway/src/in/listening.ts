import type { DeltaV1, Fact } from '@parley/contracts';
import { type Heard, hear, type Lacking, lacking, recorded, type Writing } from '../domain/writing.ts';

/** How far one client has been told of the turn that is being written. */
export function createListening() {
  let writing: Writing | undefined;
  const now = (): Writing | undefined => (writing === undefined || writing.told === '' ? undefined : writing);
  return {
    hear(delta: DeltaV1): Heard {
      const heard = hear(writing, delta);
      writing = heard.writing;
      return heard;
    },
    record(turn: Fact<'turn-recorded.v1'>['data']): Lacking {
      const lacks = lacking(writing, turn);
      writing = recorded(turn);
      return lacks;
    },
    /** The turn that something was told of and that is not recorded yet. */
    now,
    /** It never will be. */
    giveUp(): Writing | undefined {
      const was = now();
      if (was !== undefined) writing = undefined;
      return was;
    },
  };
}
