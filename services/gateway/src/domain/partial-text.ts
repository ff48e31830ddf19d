import type { Artifact, Piece, TextPlace } from './presented.ts';

/** A text while it is written, as far as a listener has been told of it. */
export interface PartialText {
  readonly of: Pick<TextPlace, 'id' | 'order'>;
  /** What has come of it, as far as no piece was lost. */
  readonly raw: string;
  /** What the listener has of it: always the beginning of `raw` without the space around it. */
  readonly told: string;
  /** Nothing of it is to be told any more. */
  readonly isRecorded?: true;
}

export interface Received<P extends PartialText = PartialText> {
  readonly writing: P | undefined;
  /** What was told of it will not be recorded: it is written anew. */
  readonly givenUp: P | undefined;
  /** What is to be told now; with `isFirst`, of a text that nothing was told of. */
  readonly more: string;
  readonly isFirst: boolean;
}

type Placed = Pick<TextPlace, 'id' | 'order'>;
type Sent = Placed & Pick<Piece, 'offset' | 'text'>;

/**
 * What a piece adds. Pieces may be lost: those that do not fit are left out, until the text is begun anew or recorded.
 * Space at both ends is held back, because texts are recorded without it.
 */
export function receive(writing: PartialText | undefined, piece: Sent): Received {
  const { id, order, offset, text } = piece;
  const isSame = writing?.of.id === id;
  const isLate = writing?.isRecorded === true && (order < writing.of.order || isSame);
  // Begun anew with the words that it began with, it goes on.
  const isAgain = offset === 0 && isSame && writing.raw === text;
  const isLost = offset > 0 && (!isSame || writing.raw.length !== offset);
  if (isLate || isAgain || isLost) return { writing, givenUp: undefined, more: '', isFirst: false };
  const before = offset === 0 ? { raw: '', told: '' } : (writing as PartialText);
  const raw = before.raw + text;
  const more = raw.trim().slice(before.told.length);
  return {
    writing: { of: piece, raw, told: before.told + more },
    givenUp: offset === 0 && writing !== undefined && writing.told !== '' ? writing : undefined,
    more,
    isFirst: before.told === '' && more !== '',
  };
}

/**
 * What a listener lacks of a recorded text: all of it, what comes after that which was told, or, where the recorded
 * text is another one, everything in its place.
 */
export type Missing = { readonly kind: 'all' | 'rest' | 'another'; readonly text: string };

export function missingOf(writing: PartialText | undefined, { id, text }: Pick<Artifact, 'id' | 'text'>): Missing {
  if (writing === undefined || writing.told === '') return { kind: 'all', text };
  const isContinued = writing.of.id === id && text.startsWith(writing.told);
  return isContinued ? { kind: 'rest', text: text.slice(writing.told.length) } : { kind: 'another', text };
}

export function recorded({ id, order }: Placed): PartialText {
  return { of: { id, order }, raw: '', told: '', isRecorded: true };
}
