/** The named instants at which the crash suite ends the process. */
export const failpoints = [
  'after-consume',
  'after-inbox-insert',
  'mid-tick-before-commit',
  'after-commit',
  'after-claim',
  'mid-model-call',
  'after-model-before-completion',
  'after-send-before-mark',
] as const;
export type Failpoint = (typeof failpoints)[number];

/** Called at each named instant; in production it does nothing. */
export type ReachFailpoint = (point: Failpoint) => void;

/**
 * Kills this very process with SIGKILL at the n-th time a point is reached.
 * @param setting `NAME` or `NAME:N`, N from 1; empty or undefined turns it off.
 */
export function armFailpoint(setting: string | undefined): ReachFailpoint {
  if (setting === undefined || setting === '') return () => {};
  const [name, count = '1'] = setting.split(':');
  if (!failpoints.includes(name as Failpoint)) {
    throw new TypeError(`PARLEY_FAILPOINT is "${setting}"; the points are ${failpoints.join(', ')}`);
  }
  let left = Number(count);
  if (!/^[1-9]\d*$/.test(count)) {
    throw new TypeError(`PARLEY_FAILPOINT is "${setting}"; after the colon comes how often, from 1`);
  }
  return (point) => {
    if (point === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
