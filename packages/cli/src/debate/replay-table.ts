import type { MeanScores, ReplayView, Verdict } from '@parley/contracts/debate';
import { columns } from '../command-line/columns.ts';

type Result = NonNullable<ReplayView['result']>;
type End = Result['original'];

const teams = { pro: 'Team A (for)', con: 'Team B (against)', contested: 'contested' } as const;

/** A replay beside its debate, for people. */
export function replayTable(result: Result): string {
  const { original, replay } = result;
  const rows: readonly (readonly [string, string, string])[] = [
    ['', 'debate', 'replay'],
    ['rounds', String(original.rounds), String(replay.rounds)],
    ['stopped for', reasonsOf(original), reasonsOf(replay)],
    ['tokens', String(original.tokens), String(replay.tokens)],
    ['stale turns', String(replay.turns.filter((turn) => turn.wasStale).length), staleOf(result)],
    ['verdict', verdictOf(original.verdict), verdictOf(replay.verdict)],
    ['marks A : B', marksOf(original.verdict), marksOf(replay.verdict)],
  ];
  return [columns(rows), '', sentence(result), ...votesOf(result)].join('\n');
}

function sentence({ original, replay, tokensSaved }: Result): string {
  if (replay.stopReason === null) {
    return `It would not have stopped where it did (round ${original.rounds}, ${original.stopReason}); the log ends there.`;
  }
  const same = replay.rounds === original.rounds && replay.stopReason === original.stopReason;
  if (same) return `It would have stopped where it did: round ${original.rounds} (${original.stopReason}).`;
  const share = original.tokens === 0 ? 0 : Math.round((100 * tokensSaved) / original.tokens);
  return (
    `It would have stopped at round ${replay.rounds} (${replay.stopReason}) ` +
    `instead of round ${original.rounds} (${original.stopReason}); saved ${share} % of the tokens.`
  );
}

function votesOf({ replay }: Result): string[] {
  const lines = replay.votes.map(({ judge, order, winner, reason }) => `  ${judge}, ${order}: ${winner}. ${reason}`);
  const flip = replay.positionFlip ? ['A judge named the other side when the sides changed places.'] : [];
  const none = replay.verdict?.outcome === 'unavailable' ? [replay.verdict.reason] : [];
  return [...none, ...(lines.length === 0 ? [] : ['Votes:', ...lines]), ...flip];
}

function reasonsOf({ stopReason, alsoTrue }: Pick<End, 'stopReason' | 'alsoTrue'>): string {
  return stopReason === null ? 'nothing yet' : [stopReason, ...alsoTrue].join(', ');
}

function staleOf({ replay }: Result): string {
  return `${replay.turns.filter((turn) => turn.novelty.isStale).length} of ${replay.turns.length}`;
}

function verdictOf(verdict: Verdict | null): string {
  if (verdict === null || verdict.outcome === 'unavailable') return 'none';
  return `${teams[verdict.outcome]}, by ${verdict.model}`;
}

function marksOf(verdict: Verdict | null): string {
  if (verdict === null || verdict.outcome === 'unavailable') return '–';
  const sum = (scores: MeanScores): number => Math.round(10 * Object.values(scores).reduce((a, b) => a + b, 0)) / 10;
  return `${sum(verdict.scores.pro)} : ${sum(verdict.scores.con)} of 40`;
}
