import type { RunStatus, StreamKind } from '@parley/contracts';

/** Own word of every kind for a stream that its service has set aside; no event says so. */
export const parkedStatus = 'parked';

/** The word that every kind shares for a state of this one; a state that this build does not know goes on. */
export const sharedWord = ({ statuses }: StreamKind, own: string): RunStatus => statuses[own] ?? 'working';

/** A kind's own words for states that every kind shares. */
export function ownWords({ statuses }: StreamKind, shared: readonly RunStatus[]): string[] {
  return Object.keys(statuses).filter((own) => shared.includes(statuses[own] as RunStatus));
}
