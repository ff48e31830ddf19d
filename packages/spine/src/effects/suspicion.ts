/**
 * Rules by which a crash is laid at an effect's door. A process that ends says nothing of which of its effects ended
 * it, and most processes are ended from outside.
 *
 *   crash while others ran beside it   all that were in flight are charged; the second makes each of them a suspect
 *   suspect                            runs alone in its process
 *   crash while it ran alone           its own: it steps back for a while, so that the others show how they do without it
 *   crash while it was not in flight   clears a suspect: something else ends processes
 *   three of its own in a row          poison: it is set aside
 */
export const suspicion = {
  /** Crashes from which an effect runs alone. The first may have been anybody's: neighbours go on together. */
  suspectFrom: 2,
  /** Crashes of its own, in a row, from which it is set aside. */
  poisonFrom: 3,
  /** Crashes of its own in all, from which nothing clears it. This ends two poisons that clear each other. */
  poisonFromEver: 6,
} as const;

/** Counts of how often the process of an effect has ended while that effect was in flight. */
export interface Crashes {
  readonly crashes: number;
  /** Crashes while nothing else ran beside it, since it was last cleared. */
  readonly crashesAlone: number;
}

const firstPauseMs = 5_000;

/** Time for which an effect steps back after its crashes while alone, in milliseconds. */
export function pauseMs(crashesAlone: number): number {
  return firstPauseMs * 4 ** (crashesAlone - 1);
}

/** What a decider is told of an effect that is set aside. */
export function poisonReason({ crashes, crashesAlone }: Crashes): string {
  return `Its process ended ${crashes} times while this ran, the last ${crashesAlone} of them while nothing else ran beside it: it is set aside as the cause.`;
}
