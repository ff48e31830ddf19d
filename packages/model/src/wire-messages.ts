import { ParleyError } from '@parley/contracts';
import type { ChatMessage } from './model.ts';
import type { MadeToolCall } from './tool.ts';

/** A message as a server takes it. */
export type WireMessage = { readonly role: string; readonly content: string } & Readonly<Record<string, unknown>>;

/** Writes an assistant's tool calls and a tool's result in the form of a wire. `at` counts messages, `nth` calls, from 0. */
export interface ToolHistory {
  calls(calls: readonly MadeToolCall[], at: number): Readonly<Record<string, unknown>>;
  result(name: string, at: number, nth: number): Readonly<Record<string, unknown>>;
}

/**
 * The messages, with the schema in words where the server takes it in no other way. Throws INTERNAL when the results of
 * tools do not follow their calls one by one.
 */
export function messagesOf(
  messages: readonly ChatMessage[],
  schema: Readonly<Record<string, unknown>> | undefined,
  tools: ToolHistory,
): readonly WireMessage[] {
  const plain = messages.some(isAboutTools)
    ? withTools(messages, tools)
    : messages.map(({ role, content }) => ({ role, content }));
  const last = plain.at(-1);
  if (schema === undefined || last === undefined) return plain;
  const wish = `Answer with nothing but one JSON object of this JSON Schema: ${JSON.stringify(schema)}`;
  return [...plain.slice(0, -1), { ...last, content: `${last.content}\n\n${wish}` }];
}

/** Throws INTERNAL like `messagesOf`, for a model that is asked without a wire. */
export function checkConversation(messages: readonly ChatMessage[]): void {
  const nothing = () => ({});
  if (messages.some(isAboutTools)) withTools(messages, { calls: nothing, result: nothing });
}

function isAboutTools(message: ChatMessage): boolean {
  return message.role === 'tool' || (message.role === 'assistant' && message.toolCalls !== undefined);
}

function withTools(messages: readonly ChatMessage[], tools: ToolHistory): WireMessage[] {
  let calls: readonly MadeToolCall[] = [];
  let calledAt = 0;
  let answered = 0;
  const wire = messages.map((message, at): WireMessage => {
    const { role, content } = message;
    if (message.role === 'tool') {
      const nth = answered;
      if (calls[nth]?.name !== message.toolName) throw misplaced(at, `is a result of "${message.toolName}"`);
      answered += 1;
      return { role, content, ...tools.result(message.toolName, calledAt, nth) };
    }
    if (answered < calls.length) throw misplaced(at, `comes before the result of "${calls[answered]?.name}"`);
    calls = (message.role === 'assistant' ? message.toolCalls : undefined) ?? [];
    calledAt = at;
    answered = 0;
    return calls.length === 0 ? { role, content } : { role, content, ...tools.calls(calls, at) };
  });
  if (answered < calls.length) throw misplaced(wire.length, `is missing: the result of "${calls[answered]?.name}"`);
  return wire;
}

function misplaced(at: number, what: string): ParleyError {
  const message = `Message ${at + 1} of a conversation ${what}. Put the result of each tool call behind it, in their order.`;
  return new ParleyError('INTERNAL', message);
}
