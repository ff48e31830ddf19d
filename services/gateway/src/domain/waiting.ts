import type { Fact } from '@parley/contracts';
import type { ModelWaitingV1 } from '@parley/contracts/debate';

/** Events that say nothing of whether the model is back. */
const beside: ReadonlySet<string> = new Set(['note-added.v1', 'judge-polled.v1'] satisfies Fact['type'][]);

/** What the debate waits for now: the last event of its log, but for what happens beside a turn, says so. */
export function waitingOf(log: readonly { readonly type: string; readonly data: unknown }[]): ModelWaitingV1 | null {
  const last = log.findLast(({ type }) => !beside.has(type));
  return last?.type === 'model-waiting.v1' ? (last.data as ModelWaitingV1) : null;
}
