import { type StartDebateBody, startDebateBody } from '@parley/contracts';
import { BadRequest, parse } from '@parley/runtime';
import { z } from 'zod';
import { agentNames, isAgent, roundsOf, topicOf } from '../../domain/agents.ts';

const text = z.object({ type: z.literal('text'), text: z.string() });
const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(z.union([text, z.looseObject({ type: z.string() })]))]).nullish(),
});

/** Source: OpenAI API reference, "Create chat completion". What does not change a debate is taken and left alone. */
export const chatBody = z.looseObject({
  model: z.string().refine(isAgent, { message: `is no model here; there are ${agentNames.join(', ')}` }),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, 'only one answer can be had at a time').nullish(),
  response_format: z.looseObject({ type: z.literal('text', 'a debate is text; leave response_format out') }).nullish(),
  parley: z.looseObject({}).optional().describe('Settings of POST /v1/debates, such as maxRounds.'),
});
export type ChatBody = z.infer<typeof chatBody>;

/** The debate that a conversation asks for: about its last user message, on one line. @throws BadRequest */
export function debateOf({ model, messages, parley }: ChatBody): StartDebateBody {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const { content } = messages[last] ?? {};
  const parts = typeof content === 'string' ? [content] : (content ?? []).flatMap((part) => textOf(part));
  const topic = topicOf(parts);
  const field = `messages.${Math.max(last, 0)}.content`;
  if (last === -1) throw new BadRequest('body', [{ field: 'messages', message: 'has no message of the user' }]);
  const { success, error } = startDebateBody.shape.topic.safeParse(topic);
  if (!success)
    throw new BadRequest('body', [{ field, message: `the last one is the topic: ${error.issues[0]?.message}` }]);
  return parse(startDebateBody, { ...parley, ...roundsOf(model), topic }, 'body');
}

function textOf(part: { type: string; text?: unknown }): string[] {
  return part.type === 'text' && typeof part.text === 'string' ? [part.text] : [];
}
