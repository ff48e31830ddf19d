import { limitsOfRun } from '@parley/contracts/run';
import {
  type ChatCall,
  type ChatMessage,
  type ChatResult,
  chatStructured,
  type ModelClient,
  type ToolCall,
} from '@parley/model';
import { z } from 'zod';
import type { AnyTool } from '../tool.ts';
import { definitionOf } from './offered.ts';

type Asked = Omit<ChatCall, 'schema' | 'tools'>;

/** Asks a model whose server takes no tools: they are described in words, and the answer is one JSON object. */
export async function askPrompted(
  client: ModelClient,
  asked: Asked,
  tools: readonly AnyTool[],
): Promise<Omit<ChatResult, 'toolCalls'> & { readonly toolCalls: readonly ToolCall[] }> {
  const names = tools.map(({ name }) => name) as [string, ...string[]];
  const schema = z
    .object({
      answer: z.string().max(limitsOfRun.words).optional().describe('The answer, when no tool is needed any more.'),
      calls: z
        .array(z.object({ tool: z.enum(names), arguments: z.record(z.string().max(64), z.unknown()) }))
        .max(8)
        .optional()
        .describe('Tools to call now.'),
    })
    .refine(({ answer, calls = [] }) => calls.length > 0 || (answer ?? '').trim() !== '', 'it has an answer or calls');
  const messages = [...inWords(asked.messages), { role: 'user', content: instruction(tools) } as const];
  const { value, result } = await chatStructured(client, { ...asked, messages }, schema);
  const toolCalls = (value.calls ?? []).map(
    (call): ToolCall => ({
      ...{ ok: true, name: call.tool, arguments: call.arguments, isRepaired: false, isFromText: true },
    }),
  );
  return { ...result, text: toolCalls.length > 0 ? '' : (value.answer ?? ''), toolCalls };
}

function instruction(tools: readonly AnyTool[]): string {
  const lines = tools
    .map(definitionOf)
    .map((one) => `- ${one.name}: ${one.description} Arguments: ${JSON.stringify(one.parameters)}`);
  return [
    'You have these tools:',
    ...lines,
    'Answer with nothing but one JSON object: {"calls": [{"tool": NAME, "arguments": {…}}]} to call some, or {"answer": TEXT}.',
  ].join('\n');
}

/** A conversation for a server that knows neither calls nor results. */
function inWords(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.map((message): ChatMessage => {
    if (message.role === 'tool') return { role: 'user', content: `"${message.toolName}" answered: ${message.content}` };
    if (message.role !== 'assistant' || message.toolCalls === undefined) return message;
    const calls = message.toolCalls.map((call) => ({ tool: call.name, arguments: call.arguments }));
    return { role: 'assistant', content: JSON.stringify({ calls }) };
  });
}
