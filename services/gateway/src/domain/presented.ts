import type { RunStatus } from '@parley/contracts';

/** A text within a stream, such as one turn, while it is written and when it is there. */
export interface TextPlace {
  /** Unique within its stream. */
  readonly id: string;
  /** Name of it in the ids of messages, where that is another one than `id`. */
  readonly messageId?: string;
  /** Name for readers, such as "Team A (for), round 1". */
  readonly name: string;
  readonly author: string;
  /** Part of the work that it belongs to, such as "round 1". */
  readonly step?: string;
  /** Never falls within a stream: pieces of a lower one than the last recorded text come too late. */
  readonly order: number;
  /** Markdown that stands before and after it in a transcript. */
  readonly before: string;
  readonly after: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A text that is recorded as a fact; it takes the place of the pieces of it. */
export interface Artifact extends TextPlace {
  readonly text: string;
}

/** A piece of a text, sent while it is still being written. */
export interface Piece extends TextPlace {
  /** UTF-16 code units of this text sent before; 0 begins the text anew. */
  readonly offset: number;
  readonly text: string;
}

/** The end of a stream. */
export interface End {
  readonly status: RunStatus;
  /** Code of what ended it. */
  readonly reason: string;
  /** It ended because something was used up, not because it had come to its end. */
  readonly isCutShort: boolean;
  /** What the last fact says, in the words of its kind. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a fact is to every protocol, whatever the kind of its stream. All of it is absent for a fact of no interest. */
export interface Presented {
  /** Markdown that it adds to a transcript, beside the artifact. With the status `input-required`, the question. */
  readonly words?: string | undefined;
  /** Sentence for somebody who waits, which no transcript keeps. */
  readonly progress?: string;
  readonly artifact?: Artifact;
  /** The words are a message of their own, such as a verdict. */
  readonly message?: { readonly id: string; readonly author: string };
  /** State of the stream from now on; absent where it stays as it is. */
  readonly status?: RunStatus;
  /** A text that is not recorded by now never will be. */
  readonly givesUp?: boolean;
  readonly end?: End;
}

/** Markdown of an artifact in a transcript. */
export const transcribed = ({ before, text, after }: Artifact): string => before + text + after;

/** What a fact is to somebody who waits; undefined for one of no interest. */
export function progressOf({ progress, artifact, words }: Presented): string | undefined {
  return progress ?? (artifact === undefined ? words : transcribed(artifact));
}

/** Whether the stream waits for an answer to the words of this fact. */
export const isQuestion = ({ status }: Presented): boolean => status === 'input-required';

/** Whether the work came to nothing. */
export const hasFailed = ({ status }: End): boolean => status === 'failed' || status === 'rejected';
