import { type Missing, missingOf, type PartialText, type Received, receive, recorded } from '../domain/partial-text.ts';
import type { Artifact, Piece } from '../domain/presented.ts';

/** How far one client has been told of the text that is being written. */
export function createPartialText() {
  let writing: PartialText | undefined;
  const now = (): PartialText | undefined => (writing === undefined || writing.told === '' ? undefined : writing);
  return {
    hear(piece: Piece): Received {
      const heard = receive(writing, piece);
      writing = heard.writing;
      return heard;
    },
    record(artifact: Artifact): Missing {
      const lacks = missingOf(writing, artifact);
      writing = recorded(artifact);
      return lacks;
    },
    /** The text that something was told of and that is not recorded yet. */
    now,
    /** Forgets the text that is being written: it never will be recorded. */
    giveUp(): PartialText | undefined {
      const was = now();
      if (was !== undefined) writing = undefined;
      return was;
    },
  };
}
