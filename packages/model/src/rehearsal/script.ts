import type { Side } from '@parley/contracts/debate';

/** One speech. `text` is 60 to 110 words in at most four sentences and may hold `{topic}`; `gist` names its argument. */
export interface Speech {
  readonly gist: string;
  readonly text: string;
}

/** Eight speeches per side, and eight ways to answer an opponent's argument, `{gist}`, in one sentence. */
export interface Script {
  readonly speeches: Readonly<Record<Side, readonly Speech[]>>;
  readonly rebuttals: Readonly<Record<Side, readonly string[]>>;
  /** Answers words of an opponent who does not follow a script; `{quote}` are the first of them. */
  readonly quoting: Readonly<Record<Side, string>>;
  /** Separator between two sentences. */
  readonly space: '' | ' ';
}

/** Rounds a script has something new for. */
export const scriptedRounds = 8;
