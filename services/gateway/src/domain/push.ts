/** What becomes of an attempt to tell a receiver of an event. */
export const pushResults = ['acknowledged', 'failed', 'given_up'] as const;
export type PushResult = (typeof pushResults)[number];

const longestSeconds = 300;
/** Failures in a row after which a push is given up: about a day, with the waits below. */
const mostFailures = 296;

/** Pause after `failures` failures in a row, at least 1; undefined when the push is given up. */
export function pushWaitSeconds(failures: number): number | undefined {
  return failures >= mostFailures ? undefined : Math.min(longestSeconds, 2 ** (failures - 1));
}
