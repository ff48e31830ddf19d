import type { DeltaV1, Side } from '@parley/contracts';

/** A turn while it is written, as far as a listener has been told. */
export interface PartialTurn {
  readonly round: number;
  readonly side: Side;
  /** What the model has written, as far as no piece was lost. */
  readonly raw: string;
  /** What the listener has been sent: always the beginning of `raw` without the space around it. */
  readonly told: string;
  /** The turn is recorded: no more of its text is to be told. */
  readonly isRecorded?: true;
}
type Turn = Pick<DeltaV1, 'round' | 'side' | 'text'>;

export const isSame = (a: Pick<Turn, 'round' | 'side'>, b: Pick<Turn, 'round' | 'side'>): boolean =>
  a.round === b.round && a.side === b.side;

export interface Received {
  readonly writing: PartialTurn | undefined;
  /** The turn whose told text will not be recorded, because it is written anew. */
  readonly givenUp: PartialTurn | undefined;
  /** Text to be told now; with `isFirst` it is the first of its turn. */
  readonly more: string;
  readonly isFirst: boolean;
}

/**
 * What a piece adds. Pieces may be lost: those that do not fit are left out, until the turn is begun anew or recorded.
 * Space at both ends is held back, because turns are recorded without it.
 */
export function receive(writing: PartialTurn | undefined, delta: DeltaV1): Received {
  const { round, side, offset, text } = delta;
  const isLate = writing?.isRecorded === true && (round < writing.round || isSame(writing, delta));
  if (isLate) return { writing, givenUp: undefined, more: '', isFirst: false };
  if (offset > 0 && (writing === undefined || !isSame(writing, delta) || writing.raw.length !== offset)) {
    return { writing, givenUp: undefined, more: '', isFirst: false };
  }
  // Begun anew with the words that it began with, it goes on.
  const isAgain = offset === 0 && writing !== undefined && isSame(writing, delta) && writing.raw === text;
  if (isAgain) return { writing, givenUp: undefined, more: '', isFirst: false };
  const before = offset === 0 ? { raw: '', told: '' } : (writing as PartialTurn);
  const raw = before.raw + text;
  const more = raw.trim().slice(before.told.length);
  return {
    writing: { round, side, raw, told: before.told + more },
    givenUp: offset === 0 && writing !== undefined && writing.told !== '' ? writing : undefined,
    more,
    isFirst: before.told === '' && more !== '',
  };
}

/**
 * What a listener lacks of a recorded turn: the whole turn, what comes after that which was told, or, where the
 * recorded text is another one, everything in its place.
 */
export type Missing = { readonly kind: 'all' | 'rest' | 'another'; readonly text: string };

export function missingOf(writing: PartialTurn | undefined, turn: Turn): Missing {
  if (writing === undefined || writing.told === '') return { kind: 'all', text: turn.text };
  const isContinued = isSame(writing, turn) && turn.text.startsWith(writing.told);
  return isContinued
    ? { kind: 'rest', text: turn.text.slice(writing.told.length) }
    : { kind: 'another', text: turn.text };
}

export function recorded({ round, side }: Pick<Turn, 'round' | 'side'>): PartialTurn {
  return { round, side, raw: '', told: '', isRecorded: true };
}
