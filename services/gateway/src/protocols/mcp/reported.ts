import type { AgentReads } from '../../streams/agent-port.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { createProgress } from '../../streams/progress.ts';
import type { Followed } from '../../streams/pull.ts';
import type { ToolCall } from './tool.ts';

/** Reports every event, and texts while they are written, until the last event or the first at which the work rests. */
export async function reported(
  followed: AsyncIterable<Followed>,
  { present, piece }: Pick<AgentReads, 'present' | 'piece'>,
  { report }: ToolCall,
  isAtRest: (event: StreamEvent) => Promise<boolean> = async () => false,
): Promise<void> {
  const progress = createProgress();
  for await (const one of followed) {
    const written = one.kind === 'delta' ? piece(one.delta) : undefined;
    const told =
      one.kind === 'event' ? progress.event(one.event, present(one.event)) : written && progress.piece(written);
    if (told !== undefined) await report(told.progress, told.message);
    if (one.kind === 'event' && (await isAtRest(one.event))) return;
  }
}
