import { isParleyError, type ParleyError, type Usage } from '@parley/contracts';
import { type JudgeSetup, scoresSchema, type Vote } from '@parley/contracts/debate';
import { type ChatCall, chatStructured, type ModelClient } from '@parley/model';
import { newNonce, traceChat } from '@parley/runtime';
import { z } from 'zod';
import type { Judgement } from '../domain/debate.ts';
import type { JudgedTurn } from '../domain/fair-truncation.ts';
import { judgePrompt, orders, shownTo, voteOf } from '../domain/judging.ts';
import { type Ballot, isPositionFlip, verdictOf } from '../domain/panel.ts';

const rulingSchema = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  scores: z.object({ X: scoresSchema, Y: scoresSchema }),
  reason: z.string().trim().min(1).max(600),
});

/** Words that models use for a debate without a winner. */
const spellings = Object.fromEntries(
  ['tie', 'tied', 'draw', 'drawn', 'none', 'neither', 'both', 'equal', 'undecided', 'unclear'].map((word) => [
    word,
    'contested',
  ]),
);

export interface JudgesDeps {
  readonly model: ModelClient;
  /** Models in order of preference. Judges of a panel begin with different ones. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  readonly maxTokens: number;
  /** Limit of one judge, both orders together, in milliseconds. */
  readonly budgetMs: number;
}

export interface Case {
  readonly topic: string;
  readonly turns: readonly JudgedTurn[];
  readonly setup: JudgeSetup | undefined;
  /** The debate's or the replay's id, for the queue's turns. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** What is left of the time for a verdict, in milliseconds; without it the judges' own budget. */
  readonly leftMs?: number | undefined;
  /** Begin with the second judge and the other order, behind everybody else's calls. */
  readonly isSecondOpinion?: boolean;
}

/** Rejects with what kept a judge from answering when none of them has, with what may pass before what will not. */
export type Judges = (asked: Case) => Promise<Judgement>;

/** Rough, and on the safe side for scripts where a character is a token. */
const charactersPerToken = 2;
/** Characters of the motion, the marks and the heads around the turns. */
const frameCharacters = 4_000;

/** Settings of the judges: the first as even as its model can be, the others independent even with the same model. */
const tempers = [
  { temperature: 0, seed: 1 },
  { temperature: 0.5, seed: 2 },
  { temperature: 0.8, seed: 3 },
] as const;

type Heard = { readonly vote: Vote; readonly isRehearsal: boolean };

/** Has judges vote, each over both orders of the sides and none knowing of the others, and counts the votes. */
export function createJudges(deps: JudgesDeps): Judges {
  async function hear(asked: Case, judge: number, order: (typeof orders)[number], budgetMs: number): Promise<Heard> {
    const { topic, setup, id, signal } = asked;
    const { contextTokens, maxTokens } = deps;
    const room = (contextTokens - maxTokens) * charactersPerToken;
    const shown = shownTo(asked.turns, order.labels, Math.max(room - frameCharacters, room / 2));
    const prompt = judgePrompt(topic, shown, order.labels, newNonce());
    const first = judge % deps.models.length;
    const call: Omit<ChatCall, 'schema' | 'onText' | 'onRestart'> = {
      models:
        setup?.model === undefined ? [...deps.models.slice(first), ...deps.models.slice(0, first)] : [setup.model],
      messages: [
        { role: 'system', content: prompt.system },
        { role: 'user', content: prompt.user },
      ],
      purpose: { kind: 'judge', topic, transcript: shown, labels: order.labels },
      maxTokens,
      contextTokens,
      ...tempers[judge % tempers.length],
      budgetMs,
      fairKey: id,
      isBackground: asked.isSecondOpinion === true,
      signal,
      aroundRequest: traceChat,
    };
    const { value, result } = await chatStructured(deps.model, call, rulingSchema, { spellings });
    const usage = { inputTokens: result.inputTokens, outputTokens: result.outputTokens };
    return {
      vote: voteOf(value, order.order, { judge: result.model, usage }),
      isRehearsal: result.provider === 'rehearsal',
    };
  }

  return async (asked) => {
    const panel = asked.setup?.panel ?? 1;
    const [from, inOrders] = asked.isSecondOpinion === true ? [1, orders.toReversed()] : [0, orders];
    const endsAt = performance.now() + Math.min(deps.budgetMs * panel, asked.leftMs ?? Number.POSITIVE_INFINITY);
    const ballots: Ballot[] = [];
    const heard: Heard[] = [];
    let failure: ParleyError | undefined;
    for (let judge = 0; judge < panel; judge++) {
      // Shared by those that are still to be asked: a judge that dribbles costs the others nothing.
      const budgetMs = (endsAt - performance.now()) / (panel - judge);
      const answers = await Promise.allSettled(inOrders.map((order) => hear(asked, from + judge, order, budgetMs)));
      for (const answer of answers) {
        if (answer.status === 'fulfilled') heard.push(answer.value);
        else failure = tellingOf(failure, expected(answer.reason));
      }
      const [one, other] = answers;
      if (one?.status === 'fulfilled' && other?.status === 'fulfilled') {
        const isRehearsal = one.value.isRehearsal || other.value.isRehearsal;
        ballots.push({ isRehearsal, votes: [one.value.vote, other.value.vote] });
      }
    }
    if (ballots.length === 0 && failure !== undefined) throw failure;
    return {
      verdict: verdictOf(ballots),
      usage: sum(heard.map(({ vote }) => vote.usage)),
      votes: ballots.flatMap((ballot) => ballot.votes),
      positionFlip: ballots.some(isPositionFlip),
    };
  };
}

/** The failure to report: one that may pass is worth waiting for, whatever else went wrong. */
function tellingOf(before: ParleyError | undefined, next: ParleyError): ParleyError {
  return before === undefined || (next.retryable && !before.retryable) ? next : before;
}

/** A judge may fail; that the answer is no longer wanted, or a bug, ends the judging. */
function expected(thrown: unknown): ParleyError {
  if (!isParleyError(thrown) || thrown.code === 'CANCELLED' || thrown.code === 'INTERNAL') throw thrown;
  return thrown;
}

function sum(usages: readonly (Usage | undefined)[]): Usage {
  const of = (key: keyof Usage): number => usages.reduce((total, usage) => total + (usage?.[key] ?? 0), 0);
  return { inputTokens: of('inputTokens'), outputTokens: of('outputTokens') };
}
