import type { DebateStatus, DebateSummary } from '@parley/contracts';
import type { FollowedEvent, FollowState, Parley } from '@parley/sdk';

const open = new Set<DebateStatus>(['accepted', 'debating', 'judging']);

/** The newest debate that is still going, on `topic` where one is named. */
export async function unfinishedDebate(parley: Parley, topic: string | undefined): Promise<DebateSummary | undefined> {
  const { debates } = await parley.debates.list({ limit: 100 });
  return debates.find((debate) => open.has(debate.status) && (topic === undefined || debate.topic === topic));
}

export interface FollowHooks {
  /** After every numbered event. */
  onSequence?(seq: number): void;
  /** The connection is gone; it is opened again until the debate is over. */
  onCut?(): void;
  readonly after?: number | undefined;
}

/** Shows a debate until it is closed. Resolves to how it ended. */
export async function followDebate(
  parley: Parley,
  id: string,
  show: (event: FollowedEvent) => void,
  signal: AbortSignal,
  { after, onSequence, onCut = () => {} }: FollowHooks = {},
): Promise<'closed' | 'cancelled' | 'failed' | undefined> {
  const onState = (state: FollowState): void => {
    if (state === 'lost') onCut();
  };
  for await (const event of parley.debates.follow(id, { signal, after, onState })) {
    show(event);
    if (event.type === 'delta') continue;
    onSequence?.(event.seq);
    if (event.type === 'debate-closed.v1') return event.data.status;
  }
  return undefined;
}
