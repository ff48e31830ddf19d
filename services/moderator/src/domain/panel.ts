import type { MeanScores, Scores, Side, Verdict, Vote } from '@parley/contracts/debate';

const rubric = ['argument', 'evidence', 'rebuttal', 'clarity'] as const satisfies readonly (keyof Scores)[];

/** One judge's two votes, each over the sides in another order. A judge that answered in one order only has none. */
export interface Ballot {
  readonly isRehearsal: boolean;
  readonly votes: readonly [Vote, Vote];
}

/** The side that a judge named in both orders; otherwise contested, also when it saw a winner in one of them only. */
export function winnerOf({ votes: [one, other] }: Ballot): Vote['winner'] {
  return one.winner === other.winner ? one.winner : 'contested';
}

/** The judge named one side, and the other when they had changed places: it judged the place. */
export function isPositionFlip({ votes: [one, other] }: Ballot): boolean {
  return one.winner !== 'contested' && other.winner !== 'contested' && one.winner !== other.winner;
}

/** The models of such judges, from the votes of a verdict: two of each judge, one after the other. */
export function flippedJudges(votes: readonly Vote[]): string[] {
  return votes.flatMap((one, i) => {
    const other = votes[i + 1];
    if (i % 2 === 1 || other === undefined) return [];
    return isPositionFlip({ isRehearsal: false, votes: [one, other] }) ? [one.judge] : [];
  });
}

/** The side that more judges name than the other; a judge that finds it contested counts for neither. */
export function verdictOf(ballots: readonly Ballot[]): Verdict {
  const winners = ballots.map(winnerOf);
  const count = (side: Side): number => winners.filter((winner) => winner === side).length;
  const lead = count('pro') - count('con');
  const outcome = lead === 0 ? 'contested' : lead > 0 ? 'pro' : 'con';
  const votes = ballots.flatMap((ballot) => ballot.votes);
  return {
    outcome,
    scores: { pro: meanOf(votes.map(({ scores }) => scores.pro)), con: meanOf(votes.map(({ scores }) => scores.con)) },
    reason: reasonFor(outcome, ballots, winners),
    model: judgesOf(votes),
    isRehearsal: ballots.some(({ isRehearsal }) => isRehearsal),
  };
}

/** The models that voted, each once. */
function judgesOf(votes: readonly Vote[]): string {
  return [...new Set(votes.map(({ judge }) => judge))].join(', ');
}

/** The words of the first judge that voted for the outcome; where none did, what the votes were. */
function reasonFor(outcome: Vote['winner'], ballots: readonly Ballot[], winners: readonly Vote['winner'][]): string {
  const votes = ballots.flatMap((ballot) => ballot.votes);
  const agreeing = ballots.filter((_, i) => winners[i] === outcome).flatMap((ballot) => ballot.votes);
  const spoken = agreeing.find((vote) => vote.winner === outcome);
  if (spoken !== undefined) return spoken.reason;
  const cast = (winner: Vote['winner']): number => votes.filter((vote) => vote.winner === winner).length;
  const [pro, con, contested] = [cast('pro'), cast('con'), cast('contested')];
  return `No side won in both orders: of ${votes.length} votes ${pro} went to Team A, ${con} to Team B, ${contested} to neither.`;
}

/** Two decimals, which tell thirds and sixths apart. */
function meanOf(scores: readonly Scores[]): MeanScores {
  const mean = (mark: (typeof rubric)[number]): number =>
    Math.round((100 * scores.reduce((sum, one) => sum + one[mark], 0)) / scores.length) / 100;
  return Object.fromEntries(rubric.map((mark) => [mark, mean(mark)])) as MeanScores;
}
