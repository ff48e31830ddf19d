import { topics } from '@parley/contracts';
import type { Announcement } from '@parley/spine';
import type { TurnEvent, TurnState } from '../domain/turn.ts';

/** What holds a turn up, and how it ended, is told to the moderator, with what is left of the budgets that came with the floor. */
export function announceTurn(event: TurnEvent, stream: string, before: TurnState): Announcement | undefined {
  const to = { topic: topics.debaterEvents.name, subject: stream.slice(0, stream.indexOf('/')) };
  if (event.type === 'model-waiting.v1') return to;
  if (event.type !== 'turn-replied.v1' && event.type !== 'turn-failed.v1') return undefined;
  if (before.phase !== 'thinking') return to;
  const { deadlineAt, tokensLeft } = before.floor;
  const { inputTokens, outputTokens } = event.type === 'turn-replied.v1' ? event.data.usage : before.spent;
  return {
    ...to,
    deadlineAt,
    tokensLeft: tokensLeft === undefined ? undefined : Math.max(0, tokensLeft - inputTokens - outputTokens),
  };
}
