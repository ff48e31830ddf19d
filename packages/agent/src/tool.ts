import { type Json, ParleyError } from '@parley/contracts';
import { type EffectClass, limitsOfRun } from '@parley/contracts/run';
import { toolName } from '@parley/model';
import type { z } from 'zod';

/** What a tool is told of the call that it runs for. */
export interface ToolContext {
  /** Aborted when the call's time is up, or nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** A UUID of the call, the same at every attempt: for an idempotency key of the other side. */
  readonly key: string;
  readonly run: string;
}

/** Something that an agent may do. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  /** 1 to 64 letters, digits, dashes and underscores. */
  readonly name: string;
  /** What it does and when to use it, for the model. */
  readonly description: string;
  readonly input: Input;
  /** What a second execution does: nothing, nothing where the other side knows the key, or harm. */
  readonly effect: EffectClass;
  /** A person has to say yes to each call. */
  readonly needsApproval: boolean;
  /** How long a call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What a person is asked instead of running anything; absent for every other tool. */
  asks?(input: z.infer<Input>): string;
  /** Text, or what is shown to the model as JSON. Whatever it throws is told to the model. */
  run(input: z.infer<Input>, context: ToolContext): Promise<Json> | Json;
}

/** A tool whose input's form only it knows. */
// biome-ignore lint/suspicious/noExplicitAny: tools of different forms stand in one list.
export type AnyTool = Tool<any>;

interface Definition<Input extends z.ZodObject> extends Omit<Tool<Input>, 'needsApproval' | 'timeoutMs'> {
  readonly needsApproval?: boolean;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 30_000;

/**
 * A tool, with the type of what `run` gets inferred from its input. One that harms twice asks a person unless it says
 * otherwise.
 * @throws ParleyError CONFIG_INVALID: a name that no model server takes
 */
export function tool<Input extends z.ZodObject>(definition: Definition<Input>): AnyTool {
  const { name, effect, needsApproval = effect === 'once', timeoutMs = defaultTimeoutMs } = definition;
  if (!toolName.test(name)) {
    throw new ParleyError(
      'CONFIG_INVALID',
      `"${name}" is no name of a tool; use 1 to 64 letters, digits, "_" and "-".`,
    );
  }
  return { ...definition, needsApproval, timeoutMs };
}

/** What a tool answered as text, cut where it is too long. */
export function outputOf(answer: Json): {
  readonly output: string;
  readonly cutCharacters: number;
  readonly all: string;
} {
  const all = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const output = all.slice(0, limitsOfRun.output);
  return { output, cutCharacters: all.length - output.length, all };
}
