import type { z } from 'zod';

/** One call of a tool. */
export interface ToolCall {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Tells who waits how far it has come; the number grows with every report. */
  report(progress: number, message: string): Promise<void>;
}

/** Something that models and programs call by name, with the fields of a route. */
export interface Tool<Input extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: z.ZodType;
  /** Source: MCP 2026-07-28, ToolAnnotations. */
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint?: boolean };
  run(asked: z.infer<Input>, call: ToolCall): Promise<object>;
}

/** A tool whose input's form only it knows. */
// biome-ignore lint/suspicious/noExplicitAny: tools of different forms stand in one list.
export type AnyTool = Tool<any>;

/** A tool, with the type of what `run` gets inferred from its input. */
export const defineTool = <Input extends z.ZodObject>(tool: Tool<Input>): AnyTool => tool;
