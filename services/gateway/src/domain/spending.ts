import { type Side, type Usage, usageSchema } from '@parley/contracts';

/** Who spent how many tokens of which model, by one fact. */
export interface FactSpending extends Usage {
  readonly agent: string;
  readonly model: string;
}

const speakers: Readonly<Record<Side, string>> = { pro: 'debater-a', con: 'debater-b' };
/** A verdict that nobody gave has cost tokens all the same. */
const nameless = 'unknown';

/**
 * The tokens that a fact reports, undefined where it reports none. By its form and not by its type: a fact of a newer
 * build that carries `usage` is counted, too.
 */
export function spendingOf(data: unknown): FactSpending | undefined {
  if (!isObject(data)) return undefined;
  const usage = usageSchema.safeParse(data.usage);
  if (!usage.success || usage.data.inputTokens + usage.data.outputTokens === 0) return undefined;
  const verdict = isObject(data.verdict) ? data.verdict : {};
  const model = [data.model, verdict.model].find((name) => typeof name === 'string' && name !== '') as
    | string
    | undefined;
  const agent = data.side === 'pro' || data.side === 'con' ? speakers[data.side] : 'moderator';
  return { ...usage.data, agent, model: model ?? nameless };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
