import { BadRequest } from '@parley/runtime';
import { z } from 'zod';
import type { AgentPort, Asked } from '../../streams/agent-port.ts';

const text = z.object({ type: z.literal('text'), text: z.string() });
const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(z.union([text, z.looseObject({ type: z.string() })]))]).nullish(),
});

/** Source: OpenAI API reference, "Create chat completion". What changes nothing here is taken and left alone. */
export function chatBodyOf(agents: readonly AgentPort[]) {
  const names = agents.map(({ name }) => name);
  const kinds = [...new Set(agents.map(({ kind }) => kind.name))].join(' or ');
  return z.looseObject({
    model: z
      .string()
      .refine((model) => names.includes(model), { message: `is no model here; there are ${names.join(', ')}` }),
    messages: z.array(message).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    n: z.literal(1, 'only one answer can be had at a time').nullish(),
    response_format: z
      .looseObject({ type: z.literal('text', `a ${kinds} is text; leave response_format out`) })
      .nullish(),
    parley: z.looseObject({}).optional().describe("Settings of the model's kind, such as those of POST /v1."),
  });
}
export type ChatBody = z.infer<ReturnType<typeof chatBodyOf>>;

/** What a conversation asks for: its last user message. @throws BadRequest */
export function askedOf({ messages, parley }: ChatBody): Asked {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  if (last === -1) throw new BadRequest('body', [{ field: 'messages', message: 'has no message of the user' }]);
  const { content } = messages[last] ?? {};
  const words = typeof content === 'string' ? [content] : (content ?? []).flatMap((part) => textOf(part));
  return { words, settings: parley, field: `messages.${last}.content`, called: 'the last one' };
}

function textOf(part: { type: string; text?: unknown }): string[] {
  return part.type === 'text' && typeof part.text === 'string' ? [part.text] : [];
}
