// Apart from the SDK, which a process without telemetry never loads.
let end: (() => Promise<void>) | undefined;

/** Has `endTelemetry` call this. */
export function onTelemetryEnd(ends: () => Promise<void>): void {
  end = ends;
}

/** Sends the last spans, for a few seconds at most. To be called when the work is over; it never throws. */
export async function endTelemetry(): Promise<void> {
  await end?.();
}
