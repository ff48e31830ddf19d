import type { DebateStatus, DebateSummary } from '@parley/contracts';
import type { Parley } from '@parley/sdk';
import type { createTranscript } from './transcript.ts';

const open = new Set<DebateStatus>(['accepted', 'debating', 'judging']);

/** The newest debate that is still going, on `topic` where one is named. */
export async function unfinishedDebate(parley: Parley, topic: string | undefined): Promise<DebateSummary | undefined> {
  const { debates } = await parley.debates.list({ limit: 100 });
  return debates.find((debate) => open.has(debate.status) && (topic === undefined || debate.topic === topic));
}

/** Shows a debate until it is closed. Resolves to how it ended. */
export async function followDebate(
  parley: Parley,
  id: string,
  transcript: ReturnType<typeof createTranscript>,
  signal: AbortSignal,
): Promise<'closed' | 'cancelled' | 'failed' | undefined> {
  for await (const event of parley.debates.follow(id, { signal })) {
    if (event.type === 'delta') {
      transcript.delta(event.data);
      continue;
    }
    transcript.fact(event);
    if (event.type === 'debate-closed.v1') return event.data.status;
  }
  return undefined;
}
