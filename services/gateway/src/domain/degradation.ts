import {
  type DegradationPolicy,
  type Degraded,
  type Measures,
  measures,
  type StartDebateV1,
} from '@parley/contracts/debate';

/** Share of each error budget that is left, by objective; one of which nothing is known is not in it. */
export type Budgets = ReadonlyMap<string, number>;

/** What helps each objective: fewer turns where they are slow or fail, one judge where judging fails. Our choice. */
export const defaultDegradation: DegradationPolicy = [
  ...['debater-a-turn-latency', 'debater-b-turn-latency', 'debater-a-turn-success', 'debater-b-turn-success'].flatMap(
    (slo) => [{ slo, budgetBelow: 0.25, maxRounds: 6 }, { slo, budgetBelow: 0, maxRounds: 4, panel: 1 } as const],
  ),
  { slo: 'debate-completion', budgetBelow: 0.25, maxRounds: 6 },
  { slo: 'debate-completion', budgetBelow: 0, maxRounds: 4, panel: 1 },
  { slo: 'moderator-judge-success', budgetBelow: 0.25, panel: 1 },
];

/**
 * The command as it may be while budgets run out. Of the objectives whose rules would change it, the one with the least
 * budget decides, by the lowest of its thresholds that is undercut: a debate has one reason to be smaller. A model that
 * somebody chose is left to him.
 */
export function degrade(command: StartDebateV1, budgets: Budgets, policy: DegradationPolicy): StartDebateV1 {
  const holding = policy
    .map((rule) => ({ ...rule, budgetLeft: budgets.get(rule.slo) ?? Number.POSITIVE_INFINITY }))
    .filter(({ budgetLeft, budgetBelow }) => budgetLeft < budgetBelow)
    .sort((a, b) => a.budgetLeft - b.budgetLeft || a.budgetBelow - b.budgetBelow);
  for (const rule of holding) {
    const { from, to } = changes(command, rule);
    if (measures.every((measure) => to[measure] === undefined)) continue;
    const { slo, budgetLeft } = rule;
    return { ...lowered(command, to), degraded: { slo, budgetLeft, from, to } };
  }
  return command;
}

function changes({ maxRounds, judge, sides }: StartDebateV1, rule: Measures): { from: Measures; to: Measures } {
  const panel = judge?.panel ?? 1;
  const isFewer = rule.maxRounds !== undefined && rule.maxRounds < maxRounds;
  const isSmaller = rule.panel !== undefined && rule.panel < panel;
  const isOpen = [sides.pro, sides.con, judge ?? {}].some(({ model }) => model === undefined);
  const isOther = rule.model !== undefined && isOpen;
  return {
    from: { ...(isFewer ? { maxRounds } : {}), ...(isSmaller ? { panel } : {}) },
    to: {
      ...(isFewer ? { maxRounds: rule.maxRounds } : {}),
      ...(isSmaller ? { panel: rule.panel } : {}),
      ...(isOther ? { model: rule.model } : {}),
    },
  };
}

function lowered(command: StartDebateV1, { maxRounds = command.maxRounds, panel, model }: Measures): StartDebateV1 {
  const { sides, judge } = command;
  const other = model === undefined ? {} : { model };
  const judged = { ...other, ...judge, ...(panel === undefined ? {} : { panel }) };
  return {
    ...command,
    maxRounds,
    minRounds: Math.min(command.minRounds, maxRounds),
    sides: { pro: { ...other, ...sides.pro }, con: { ...other, ...sides.con } },
    ...(Object.keys(judged).length === 0 ? {} : { judge: judged }),
  };
}

const words = {
  maxRounds: (n: unknown) => `at most ${n} ${n === 1 ? 'round' : 'rounds'}`,
  panel: (n: unknown) => `${n} ${n === 1 ? 'judge' : 'judges'}`,
  model: (name: unknown) => `the model ${name}`,
} as const;

/** Notice for a caller that asked for more; undefined for one that left it to us. */
export function noticeOf(asked: Measures, degraded: Degraded | undefined): string | undefined {
  if (degraded === undefined) return undefined;
  const { slo, budgetLeft, from, to } = degraded;
  const less = measures.filter((measure) => asked[measure] !== undefined && from[measure] !== undefined);
  if (less.length === 0) return undefined;
  const said = (of: Measures) => less.map((measure) => words[measure](of[measure])).join(' and ');
  const left = budgetLeft > 0 ? `${Math.round(budgetLeft * 100)} % of its error budget left` : 'no error budget left';
  return `You asked for ${said(from)}; this debate has ${said(to)}, because ${slo} has ${left}. GET /v1/slos says when that has passed.`;
}
