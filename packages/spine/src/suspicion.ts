/**
 * When a crash is laid at an effect's door. A process that ends says nothing of which of its effects ended it, and most
 * processes are ended from outside. So an end makes suspects of all that were in flight, suspects run alone, and only an
 * end while it ran alone is an effect's own.
 */
export const suspicion = {
  /** Ends of its process from which an effect runs alone. The first may have been anybody's: neighbours go on together. */
  suspectFrom: 2,
  /** Ends of its process while it ran alone from which it is set aside as poison. */
  poisonFrom: 3,
} as const;

/** How often the process of an effect has ended while it was in flight, and while it ran alone. */
export interface Crashes {
  readonly crashes: number;
  readonly crashesAlone: number;
}

/** What a decider is told of an effect that is set aside. */
export function poisonReason({ crashes, crashesAlone }: Crashes): string {
  return `Its process ended ${crashes} times while this ran, ${crashesAlone} of them while nothing else ran beside it: it is set aside as the cause.`;
}
