import { isParleyError, type Json, messageOf, type Usage } from '@parley/contracts';
import { type DebateStartedV1, otherSide, type Side, type TurnRecordedV1 } from '@parley/contracts/debate';
import { chatStructured, type ModelClient } from '@parley/model';
import { newNonce, traceChat, traceEmbedding } from '@parley/runtime';
import type { EffectCall, EffectHandler, Spine, StoredEvent } from '@parley/spine';
import { z } from 'zod';
import { answersOf, examinationPrompt, examined, maxClaims } from '../domain/assessing.ts';
import type { AssessEffect, Assessment, Check } from '../domain/assessment.ts';
import { highestCosine } from '../domain/cosine.ts';
import { type CosineByScript, cosineFrom } from '../domain/cosine-threshold.ts';
import { isGrey, measureNovelty, ownTurnsKept } from '../domain/novelty.ts';
import { scriptOf } from '../domain/script.ts';
import { sketch } from '../domain/sketch.ts';

const examinationSchema = z.object({
  stance: z.enum(['for', 'against', 'neither']),
  stanceReason: z.string().max(240),
  isOnTopic: z.boolean(),
  claims: z.array(z.object({ claim: z.string().max(160), isNew: z.boolean() })).max(maxClaims),
  isNew: z.boolean(),
  newReason: z.string().max(240),
});

/** Cause of a skip: not configured; no threshold for the turn's script; a failed call; cheaper measures have told. */
export type SkipCause = 'off' | 'uncalibrated' | 'failed' | 'not_needed';

export interface AssessDeps {
  readonly model: ModelClient;
  /** Models that examine a turn, in order of preference. */
  readonly models: readonly string[];
  /** Model of the embedding step; without one that step is skipped, and says so. */
  readonly embedModel?: string | undefined;
  /** Cosines from which a turn is stale, -1..1, instead of the embedding model's calibrated ones. */
  readonly redundancyCosine?: CosineByScript | undefined;
  readonly contextTokens: number;
  /** Most tokens of an examination. */
  readonly maxTokens: number;
  /** Limit of each of the two model calls. */
  readonly budgetMs: number;
  /** A debate's first event and its last ones, with as many turns as a turn is held against, in order. */
  readRecent(debate: string): Promise<StoredEvent[]>;
  /** The database's clock. */
  now: Spine['now'];
  onSkipped?(check: Check, why: SkipCause): void;
  /** True: its calls wait behind everybody else's. */
  readonly isBackground?: boolean;
}

/** Rough, and on the safe side for scripts where a character is a token. */
const charactersPerToken = 2;

/** The effect on whose behalf a model is asked. */
type Asking = Pick<EffectCall, 'stream' | 'signal'>;

interface Earlier {
  readonly own: readonly string[];
  readonly opponent: string | undefined;
}

type Part = Partial<Omit<Assessment, 'usage' | 'spent' | 'skipped'>>;
interface Findings {
  readonly part: Part;
  readonly usage: Usage;
  /** Model that used these tokens; absent where none was asked. */
  readonly model?: string;
  readonly skipped: readonly { readonly check: Check; readonly reason: string; readonly why: SkipCause }[];
}

/**
 * Looks at a turn before it is recorded: one call for embeddings, and one for everything that a language model answers,
 * made when a check asks for it or when the embeddings leave open whether the turn is new. A check whose call fails is
 * named in `skipped`: it never costs the debate its turn. Rejects with CANCELLED, and with a retryable error when a model
 * is away, for the debate to wait for it.
 */
export function createAssess(given: AssessDeps): EffectHandler {
  return async (call) => {
    const { round, side, text, checks, until, isOpinionUnwanted } = (call.effect as unknown as AssessEffect).data;
    const leftMs = until === undefined ? given.budgetMs : until - given.now();
    const deps = { ...given, budgetMs: Math.min(given.budgetMs, leftMs) };
    const events = await deps.readRecent(call.stream);
    const earlier = earlierThan(events, round, side);
    const embedded = checks.includes('embedding') ? await embed(deps, call, text, earlier) : nothing;
    const novelty = measureNovelty(sketch(text), earlier.own.map(sketch), sketched(earlier.opponent), embedded.part);
    const isOpen = isGrey(novelty);
    const mayHaveOpinion = isOpinionUnwanted !== true && ('embedding' in embedded.part || checks.includes('opinion'));
    const wanted = examined.filter((check) =>
      check === 'opinion' ? isOpen && mayHaveOpinion : checks.includes(check),
    );
    const motion = motionOf(events);
    const answered = wanted.length > 0 ? await examine(deps, call, motion, text, side, earlier, wanted) : nothing;
    const spared = !isOpen && checks.includes('opinion') ? skip(['opinion'], clear, 'not_needed') : nothing;
    const skipped = [...embedded.skipped, ...answered.skipped, ...spared.skipped];
    const assessment: Assessment = {
      ...embedded.part,
      ...answered.part,
      usage: {
        inputTokens: embedded.usage.inputTokens + answered.usage.inputTokens,
        outputTokens: embedded.usage.outputTokens + answered.usage.outputTokens,
      },
      spent: [embedded, answered].flatMap(({ model, usage }) => (model === undefined ? [] : [{ model, ...usage }])),
      skipped: skipped.map(({ check, reason }) => ({ check, reason })),
    };
    for (const { check, why } of skipped) deps.onSkipped?.(check, why);
    return assessment as unknown as Json;
  };
}

const clear = 'the measures leave no doubt, so no opinion was asked for';
const uncalibratedFor = (model: string, script: string): string =>
  `the embeddings of ${model} have no threshold for the script "${script}", so turns in it are not compared by meaning`;
const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };
const nothing: Findings = { part: {}, usage: noUsage, skipped: [] };
const sketched = (text: string | undefined) => (text === undefined ? undefined : sketch(text));

export function motionOf(events: readonly StoredEvent[]): string {
  const started = events.find(({ type }) => type === 'debate-started.v1')?.data as unknown as
    | DebateStartedV1
    | undefined;
  return started?.topic ?? '';
}

/** The turns that count as said before, by the log as it stood when the turn was given. */
export function earlierThan(events: readonly StoredEvent[], round: number, side: Side): Earlier {
  const turns = events
    .filter(({ type }) => type === 'turn-recorded.v1')
    .map(({ data }) => data as unknown as TurnRecordedV1)
    .filter((turn) => turn.round < round || (turn.round === round && turn.side === 'pro' && side === 'con'));
  const of = (who: Side) => turns.filter((turn) => turn.side === who).map(({ text }) => text);
  return { own: of(side).slice(-ownTurnsKept), opponent: of(otherSide[side]).at(-1) };
}

async function embed(deps: AssessDeps, call: EffectCall, text: string, { own, opponent }: Earlier): Promise<Findings> {
  const { embedModel: model } = deps;
  if (model === undefined)
    return skip(['embedding'], 'no embedding model is configured; set PARLEY_EMBED_MODEL', 'off');
  const script = scriptOf(text);
  const staleFrom = cosineFrom(model, script, deps.redundancyCosine);
  if (staleFrom === undefined) return skip(['embedding'], uncalibratedFor(model, script), 'uncalibrated');
  const before = opponent === undefined ? own : [...own, opponent];
  if (before.length === 0) return { ...nothing, part: { embedding: { model, own: 0, opponent: 0, staleFrom } } };
  return orSkip(call, ['embedding'], async () => {
    const { vectors, inputTokens } = await deps.model.embed({
      model,
      inputs: [text, ...before],
      budgetMs: deps.budgetMs,
      fairKey: call.stream,
      signal: call.signal,
      aroundRequest: traceEmbedding,
    });
    const [said = [], ...others] = vectors;
    const cosines = {
      own: highestCosine(said, others.slice(0, own.length)),
      opponent: highestCosine(said, others.slice(own.length)),
    };
    return {
      part: { embedding: { model, ...cosines, staleFrom } },
      usage: { inputTokens, outputTokens: 0 },
      model,
      skipped: [],
    };
  });
}

/** What a model is asked about a turn with. */
export type ExamineDeps = Pick<
  AssessDeps,
  'model' | 'models' | 'contextTokens' | 'maxTokens' | 'budgetMs' | 'isBackground'
>;

/** Asks a model about one turn, for all of `wanted` at once. */
export async function examine(
  deps: ExamineDeps,
  call: Asking,
  motion: string,
  text: string,
  side: Side,
  { own, opponent }: Earlier,
  wanted: readonly Check[],
): Promise<Findings> {
  const room = (deps.contextTokens - deps.maxTokens) * charactersPerToken;
  const before = opponent === undefined ? own : [...own, opponent];
  const prompt = examinationPrompt(motion, before, text, newNonce(), room);
  return orSkip(call, wanted, async () => {
    const { value, result } = await chatStructured(
      deps.model,
      {
        models: deps.models,
        messages: [
          { role: 'system', content: prompt.system },
          { role: 'user', content: prompt.user },
        ],
        purpose: { kind: 'assess', topic: motion, side },
        maxTokens: deps.maxTokens,
        contextTokens: deps.contextTokens,
        budgetMs: deps.budgetMs,
        fairKey: call.stream,
        isBackground: deps.isBackground ?? false,
        signal: call.signal,
        aroundRequest: traceChat,
      },
      examinationSchema,
    );
    const { inputTokens, outputTokens } = result;
    const usage = { inputTokens, outputTokens };
    return { part: answersOf(value, wanted), usage, model: result.model, skipped: [] };
  });
}

/** What the call finds, or why its checks were skipped; an attempt that was told to stop, or may succeed later, is no answer. */
async function orSkip(call: Asking, checks: readonly Check[], ask: () => Promise<Findings>): Promise<Findings> {
  try {
    return await ask();
  } catch (thrown) {
    if (call.signal.aborted || !isParleyError(thrown) || thrown.retryable) throw thrown;
    return skip(checks, messageOf(thrown), 'failed');
  }
}

function skip(checks: readonly Check[], reason: string, why: SkipCause): Findings {
  return { ...nothing, skipped: checks.map((check) => ({ check, reason: reason.slice(0, 300), why })) };
}
