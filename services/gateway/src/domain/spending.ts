import { type Usage, usageSchema } from '@parley/contracts';
import type { Side } from '@parley/contracts/debate';

/** Tokens of one model that one fact reports, and who spent them. */
export interface FactSpending extends Usage {
  readonly agent: string;
  readonly model: string;
}

const speakers: Readonly<Record<Side, string>> = { pro: 'debater-a', con: 'debater-b' };
/** A verdict that nobody gave has cost tokens all the same. */
const nameless = 'unknown';

/**
 * The tokens that a fact reports: those of a turn are the debater's, those of looking at it and of judging the
 * moderator's, each vote's its own judge's, in a debate or a replay of one, those of a turn that failed its debater's, those of a second look or of a
 * thought the agent's that the fact names. By its form and not by its type: a fact of a newer build that carries
 * `usage` is counted, too.
 */
export function spendingsOf(data: unknown): FactSpending[] {
  if (!isObject(data)) return [];
  const votes = listOf(data.votes ?? (isObject(data.replay) ? data.replay.votes : undefined)).map((vote) =>
    spent('moderator', vote.judge, vote.usage),
  );
  const { model = isObject(data.verdict) ? data.verdict.model : undefined } = data;
  const rest = less(spent(agentOf(data), votes[0]?.model ?? model, data.usage), votes);
  const assessed = isObject(data.assessed) ? data.assessed : {};
  const looks = listOf(assessed.spent).map((one) => spent('moderator', one.model, one));
  const unnamed = less(spent('moderator', looks[0]?.model, assessed.usage), looks);
  const lost = isObject(data.withdrawn) ? [ofSpeaker(data.withdrawn)] : [];
  return [rest, ...votes, unnamed, ...looks, ...lost].filter((one) => one.inputTokens + one.outputTokens > 0);
}

function agentOf({ agent, side }: Fields): string {
  if (side === 'pro' || side === 'con') return speakers[side];
  return typeof agent === 'string' ? agent : 'moderator';
}
const ofSpeaker = (turn: Fields): FactSpending => spent(agentOf(turn), turn.model, turn.usage);

function spent(agent: string, model: unknown, usage: unknown): FactSpending {
  const { inputTokens, outputTokens } = usageSchema.safeParse(usage).data ?? { inputTokens: 0, outputTokens: 0 };
  return { agent, model: typeof model === 'string' && model !== '' ? model : nameless, inputTokens, outputTokens };
}

/** What of a sum its parts do not name. */
function less(sum: FactSpending, parts: readonly FactSpending[]): FactSpending {
  const left = (of: keyof Usage) =>
    Math.max(
      0,
      parts.reduce((rest, part) => rest - part[of], sum[of]),
    );
  return { ...sum, inputTokens: left('inputTokens'), outputTokens: left('outputTokens') };
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
