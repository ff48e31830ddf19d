import type { MeanScores, ModelWaitingV1, Novelty, Side, StopReason, Verdict } from '@parley/contracts/debate';

export const teams: Readonly<Record<Side, string>> = { pro: 'Team A', con: 'Team B' };
export const stances: Readonly<Record<Side, string>> = { pro: 'for', con: 'against' };

/** Why a debate stopped, as a sentence. */
export const stopSentences: Readonly<Record<StopReason, string>> = {
  cancelled: 'It was cancelled.',
  debater_failed: 'A debater could not give its turn, even when asked again.',
  deadline: 'Its time was up.',
  token_budget: 'Its tokens were spent.',
  conceded: 'One side gave in.',
  consensus: 'Both sides came to argue for the same thing.',
  judge_decided_early: 'The judge found one side clearly ahead.',
  off_topic: 'Both sides had left the topic for two rounds.',
  redundant: 'Neither side had said anything new for two rounds.',
  max_rounds: 'All its rounds were used.',
};

const steps: Readonly<Record<Novelty['step'], string>> = {
  none: '',
  hash: 'word for word',
  containment: 'the same phrases',
  jaccard: 'the same words',
  embedding: 'the same meaning',
  claims: 'no new claim',
  opinion: 'a model found nothing new',
};
const whose = { nothing: '', own: 'its own turn before', opponent: "the other side's turn" } as const;

/** What a model that is away holds up, since when, and why. */
export function waitingSentence({ awaits, side = 'pro', since, reason }: ModelWaitingV1): string {
  const what: Readonly<Record<ModelWaitingV1['awaits'], string>> = {
    turn: `${teams[side]}'s turn has`,
    assessment: `The check of ${teams[side]}'s turn has`,
    verdict: 'The verdict has',
  };
  return `${what[awaits]} been waiting for a model since ${clock.format(since)}. It is asked again until the debate's time is up. ${reason}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Novelty of a turn in a sentence; for a stale one which step caught it, and what it resembles. */
export function noveltySentence({
  score,
  isStale,
  step,
  against,
  containment,
  jaccard,
  cosine,
  claims,
}: Novelty): string {
  if (!isStale) return `${percent(score)} new`;
  const figure =
    step === 'containment'
      ? `, ${percent(containment)}`
      : step === 'jaccard'
        ? `, ${percent(jaccard)}`
        : step === 'embedding' && cosine !== undefined
          ? `, cosine ${cosine.toFixed(2)}`
          : step === 'claims' && claims !== undefined
            ? `, ${claims.fresh} of ${claims.total}`
            : '';
  const of = whose[against] === '' ? '' : `: as in ${whose[against]}`;
  return `Said before (${steps[step]}${figure})${of}`;
}

export function verdictSentence(verdict: Verdict): string {
  switch (verdict.outcome) {
    case 'unavailable':
      return 'No verdict';
    case 'contested':
      return 'Contested';
    default:
      return `${teams[verdict.outcome]} wins, ${stances[verdict.outcome]} the motion`;
  }
}

export function sumOf(scores: MeanScores): number {
  return Math.round(10 * Object.values(scores).reduce((a, b) => a + b, 0)) / 10;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
export const timeOf = (at: string): string => moment.format(new Date(at));

/** An age, as exactly as one wants to know it. */
export function secondsOf(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
