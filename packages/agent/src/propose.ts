import { createHash } from 'node:crypto';
import type { ProposedCall } from '@parley/contracts/run';
import type { ToolCall } from '@parley/model';
import { z } from 'zod';
import type { AnyTool } from './tool.ts';

const mostReason = 400;

/** What the model wants to call, checked: what may be made, and what is refused and why. */
export function proposedCalls(calls: readonly ToolCall[], tools: readonly AnyTool[]): ProposedCall[] {
  return calls.map((call): ProposedCall => {
    if (!call.ok) {
      const code = call.fault === 'UNKNOWN_TOOL' || call.fault === 'BAD_NAME' ? 'UNKNOWN_TOOL' : 'BAD_ARGUMENTS';
      return { tool: call.name, code, reason: call.reason };
    }
    const tool = tools.find(({ name }) => name === call.name);
    if (tool === undefined)
      return { tool: call.name, code: 'UNKNOWN_TOOL', reason: `There is no tool "${call.name}".` };
    const checked = checkedArguments(tool, call.arguments);
    if (!checked.ok) return { tool: tool.name, code: 'BAD_ARGUMENTS', reason: checked.reason };
    const argsHash = hashOf(checked.args);
    const asks = tool.asks?.(checked.args);
    if (asks !== undefined) return { tool: tool.name, args: checked.args, argsHash, asks };
    const { effect: effectClass, needsApproval } = tool;
    return { tool: tool.name, args: checked.args, argsHash, effectClass, needsApproval };
  });
}

type Checked =
  | { readonly ok: true; readonly args: Record<string, unknown> }
  | { readonly ok: false; readonly reason: string };

/** Arguments by the schema of their tool; nothing is coerced. */
export function checkedArguments({ input }: AnyTool, args: unknown): Checked {
  const parsed = (input as z.ZodObject).safeParse(args);
  if (parsed.success) return { ok: true, args: parsed.data };
  return { ok: false, reason: z.prettifyError(parsed.error).slice(0, mostReason) };
}

/** SHA-256 of a value, in hex; the order of keys is nothing. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(',')}}`;
}
