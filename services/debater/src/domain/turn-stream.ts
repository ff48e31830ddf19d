import type { Side } from '@parley/contracts/debate';

/** A turn that is asked for again, because its first answer was not taken, is a stream of its own. */
export function turnId(debate: string, round: number, side: Side, attempt = 1): string {
  return attempt > 1 ? `${debate}/${round}/${side}/${attempt}` : `${debate}/${round}/${side}`;
}

/** What a turn's stream is about: the reverse of `turnId`. */
export function turnOf(stream: string): { readonly debate: string; readonly round: number; readonly side: Side } {
  const [debate = '', round, side] = stream.split('/');
  return { debate, round: Number(round), side: side as Side };
}
