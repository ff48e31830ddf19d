import { roomForThoughts } from './answer-bounds.ts';
import type { ChatMessage, ChatRequest } from './model.ts';
import type { Forms } from './refusable.ts';

/** The form in which one request is made. */
export interface Manner {
  readonly forms: Forms;
  /** Give the model room for thoughts and ask it to think little. */
  readonly hasRoom: boolean;
}

/** The tokens that an answer may take, thoughts included. */
export function roomOf(request: ChatRequest, { hasRoom }: Manner): number {
  return hasRoom ? roomForThoughts(request) : request.maxTokens;
}

/** The messages, with the schema in words where the server takes it in no other way. */
export function messagesOf(
  messages: readonly ChatMessage[],
  schema: Readonly<Record<string, unknown>> | undefined,
): readonly ChatMessage[] {
  const plain = messages.map(({ role, content }) => ({ role, content }));
  const last = plain.at(-1);
  if (schema === undefined || last === undefined) return plain;
  const wish = `Answer with nothing but one JSON object of this JSON Schema: ${JSON.stringify(schema)}`;
  return [...plain.slice(0, -1), { ...last, content: `${last.content}\n\n${wish}` }];
}
