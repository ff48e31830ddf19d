import { isParleyError, ParleyError } from '@parley/contracts';
import type { z } from 'zod';
import { boundedJsonSchema } from './bounded-schema.ts';
import type { ChatCall, ModelClient } from './client.ts';
import type { StructuredStage } from './event.ts';
import { faultsOf } from './fault-of-answer.ts';
import { fitted, type Spellings } from './fitted-value.ts';
import { repairedObjects, wholeObjects } from './json-object.ts';
import type { ChatMessage, ChatResult } from './model.ts';
import { unusableIn } from './unusable-answer.ts';

export interface Structured<T> {
  readonly value: T;
  readonly result: ChatResult;
  /** Answers that were asked for in vain before this one. */
  readonly rejected: number;
}

type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: string };

/** A timer may fire this much before its time, by the finer clock, in milliseconds. */
const timerErrorMs = 2;

/** Longest part of a refused answer that is shown to the model again, in characters. */
const shownCharacters = 2_000;

export interface StructuredOptions {
  /** Words that stand for values of the schema's enumerations. */
  readonly spellings?: Spellings;
}

/**
 * A model's answer as a checked value. The ladder: the JSON objects in the answer, then the same with their syntax mended,
 * of which the first counts that fits the schema (see `fitted`); once more with what was wrong; the next model of the
 * list. An answer that was cut off counts when it has a whole object.
 *
 * Rejects with MODEL_GARBAGE when no model's answer could be accepted, else like `client.chat`. Each rung is reported.
 */
export async function chatStructured<Schema extends z.ZodType>(
  client: ModelClient,
  call: Omit<ChatCall, 'schema' | 'tools' | 'onText' | 'onRestart'>,
  schema: Schema,
  { spellings = {} }: StructuredOptions = {},
): Promise<Structured<z.output<Schema>>> {
  const endsAt = performance.now() + call.budgetMs;
  const jsonSchema = boundedJsonSchema(schema);
  const refusals: string[] = [];
  const ask = (models: readonly string[], messages: readonly ChatMessage[]) =>
    client.chat({ ...call, models, messages, schema: jsonSchema, budgetMs: endsAt - performance.now() });
  const judge = (result: ChatResult, stage: StructuredStage): Checked<z.output<Schema>> => {
    const checked = check(result, schema, jsonSchema, spellings);
    client.report?.({ type: 'structured', model: result.model, stage, isAccepted: checked.ok });
    if (!checked.ok) refusals.push(`${result.model}: ${checked.issues}`);
    return checked;
  };

  let models = [...new Set(call.models)];
  do {
    let first = await settled(ask(models, call.messages), endsAt);
    // An empty answer is an answer of the wrong shape: all models of the list have given one, and are asked once more.
    if (isParleyError(first) && refusals.length === 0 && unusableIn(first) !== undefined) {
      refusals.push(first.message);
      first = await settled(ask(models, call.messages), endsAt);
    }
    if (isParleyError(first)) {
      if (refusals.length === 0 || first.retryable || unusableIn(first) !== undefined) throw first;
      refusals.push(first.message);
      break;
    }
    const checked = judge(first, 'first');
    if (checked.ok) return { value: checked.value, result: first, rejected: refusals.length };
    const second = await settled(ask([first.model], withIssues(call.messages, first.text, checked.issues)), endsAt);
    const isLast = models.at(-1) === first.model;
    if (isParleyError(second)) {
      // Gone between two answers, it may come back: that is no fault of the answer.
      if (second.retryable && isLast) throw second;
      refusals.push(`${first.model}: ${second.message}`);
    } else {
      const again = judge(second, 'asked-again');
      if (again.ok) return { value: again.value, result: second, rejected: refusals.length };
    }
    // Those before it in the list failed on the way to it.
    models = models.slice(models.indexOf(first.model) + 1);
  } while (models.length > 0);
  client.report?.({ type: 'structured', model: call.models.at(-1) ?? '', stage: 'gave-up', isAccepted: false });
  const message = `No model gave an answer of the asked shape: ${refusals.join('; ')}. Use a larger model.`;
  throw new ParleyError('MODEL_GARBAGE', message);
}

/** The answer, or the failure when another model or another try may still help. */
async function settled(answer: Promise<ChatResult>, endsAt: number): Promise<ChatResult | ParleyError> {
  try {
    return await answer;
  } catch (thrown) {
    const isOver = endsAt - performance.now() <= timerErrorMs;
    if (!isParleyError(thrown) || thrown.code === 'CANCELLED' || thrown.code === 'INTERNAL' || isOver) throw thrown;
    return thrown;
  }
}

function check<Schema extends z.ZodType>(
  { text, finishReason }: ChatResult,
  schema: Schema,
  jsonSchema: Readonly<Record<string, unknown>>,
  spellings: Spellings,
): Checked<z.output<Schema>> {
  const isCut = finishReason === 'length';
  /** The object with most of the asked keys: its faults are told. */
  let nearest: { readonly issues: readonly z.core.$ZodIssue[]; readonly value: object } | undefined;
  const candidates = function* () {
    yield* wholeObjects(text);
    // Of what was cut off, nothing says what the rest would have been.
    if (!isCut) yield* repairedObjects(text);
  };
  for (const candidate of candidates()) {
    const value = fitted(jsonSchema, candidate, spellings) as object;
    const parsed = schema.safeParse(value);
    if (parsed.success) return { ok: true, value: parsed.data };
    const { issues } = parsed.error;
    if (nearest === undefined || keysOf(value) > keysOf(nearest.value)) nearest = { issues, value };
  }
  if (isCut) return { ok: false, issues: 'the answer was cut off, it must be shorter' };
  if (nearest !== undefined) return { ok: false, issues: faultsOf(nearest.issues, nearest.value) };
  const issues = text.includes('{')
    ? 'the answer contains no complete JSON object'
    : 'the answer contains no JSON object';
  return { ok: false, issues };
}

const keysOf = (value: object): number => Object.keys(value).length;

function withIssues(messages: readonly ChatMessage[], answer: string, issues: string): readonly ChatMessage[] {
  const correction = `That answer was not accepted: ${issues}. Answer again with nothing but the corrected JSON object.`;
  const shown: ChatMessage = { role: 'assistant', content: answer.slice(0, shownCharacters) };
  return [...messages, ...(answer.trim() === '' ? [] : [shown]), { role: 'user', content: correction }];
}
