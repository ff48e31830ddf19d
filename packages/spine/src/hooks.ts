/** What the spine tells about itself; metrics and logs hang on these. All optional, none may throw. */
export interface SpineHooks {
  onTick?(tick: TickReport): void;
  onParked?(stream: { kind: string; stream: string; input: string; reason: string }): void;
  onEffect?(effect: { type: string; outcome: 'succeeded' | 'failed' | 'unknown'; ms: number }): void;
  /** A lease ran out under a worker that was still busy. */
  onLeaseLost?(effect: { stream: string; key: string }): void;
  onRelayed?(sent: { topic: string; messages: number }): void;
  /** Something that will be tried again by itself. */
  onTrouble?(where: string, thrown: unknown): void;
}

export interface TickReport {
  readonly streams: number;
  readonly inputs: number;
  readonly events: number;
  /** Inputs whose id had arrived before. */
  readonly duplicates: number;
  /** Answers of effects that somebody else had answered, or that nobody wants any more. */
  readonly fenced: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly parked: number;
  readonly ms: number;
}
