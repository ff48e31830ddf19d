import { type Manner, roomOf } from './manner.ts';
import type { ChatRequest } from './model.ts';
import type { Refusable } from './refusable.ts';
import { toWireTools } from './tool-offer.ts';
import { messagesOf, type ToolHistory } from './wire-messages.ts';

/** The name of the answer's limit on the wire: OpenAI's reasoning models know only the longer one. */
export type LimitField = 'max_tokens' | 'max_completion_tokens';

/** What an OpenAI-compatible server may refuse. `response_format`: a schema, any JSON, none; `limit`: one name, the other, none. */
export const openAiFields: readonly Refusable[] = [
  {
    name: 'response_format',
    words: /response[_ ]format|json[_ ]?(?:schema|object|mode)|structured output|grammar|guided/i,
    others: 2,
  },
  { name: 'limit', words: /max_(?:completion_)?tokens/i, others: 2 },
  { name: 'temperature', words: /temperature/i, others: 1 },
  { name: 'seed', words: /\bseed\b/i, others: 1 },
  { name: 'stream_options', words: /stream_options|include_usage/i, others: 1 },
  { name: 'reasoning_effort', words: /reasoning[_ ]?effort|"reasoning"/i, others: 1 },
];

/**
 * Id of a call: the place of its message and its own place, so that the same conversation has the same ids again. Mistral
 * takes nothing but 9 letters and digits. Source: vllm-project/vllm, issue 9019.
 */
function idOf(at: number, nth: number): string {
  return `c${at.toString(36).padStart(5, '0')}${nth.toString(36).padStart(3, '0')}`;
}

/** Arguments are a text here. Source: OpenAI, Chat Completions, `messages[].tool_calls`. */
const toolHistory: ToolHistory = {
  calls: (calls, at) => ({
    tool_calls: calls.map(({ name, arguments: given }, nth) => ({
      id: idOf(at, nth),
      type: 'function',
      function: { name, arguments: JSON.stringify(given) },
    })),
  }),
  result: (_, at, nth) => ({ tool_call_id: idOf(at, nth) }),
};

export function toOpenAi(request: ChatRequest, manner: Manner, ownLimit: LimitField): Record<string, unknown> {
  const form = (name: string) => manner.forms[name] ?? 0;
  const otherLimit = ownLimit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const limit = [ownLimit, otherLimit][form('limit')];
  const { schema, temperature, seed } = request;
  return {
    model: request.model,
    messages: messagesOf(request.messages, form('response_format') > 0 ? schema : undefined, toolHistory),
    ...toWireTools(request.tools),
    stream: true,
    ...(form('stream_options') > 0 ? {} : { stream_options: { include_usage: true } }),
    ...(limit === undefined ? {} : { [limit]: roomOf(request, manner) }),
    ...(temperature === undefined || form('temperature') > 0 ? {} : { temperature }),
    ...(seed === undefined || form('seed') > 0 ? {} : { seed }),
    ...(manner.hasRoom && form('reasoning_effort') === 0 ? { reasoning_effort: 'low' } : {}),
    ...(schema === undefined ? {} : formatOf(schema, form('response_format'))),
  };
}

/** The names of the fields, as `openAiFields` has them, that a request carries. */
export function sentToOpenAi(body: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const names = Object.keys(body);
  return new Set(names.map((name) => (name === 'max_tokens' || name === 'max_completion_tokens' ? 'limit' : name)));
}

function formatOf(schema: Readonly<Record<string, unknown>>, form: number): Record<string, unknown> {
  // Not `strict`: that refuses optional fields and bounds, and the answer is checked in any case.
  if (form === 0) return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } };
  return form === 1 ? { response_format: { type: 'json_object' } } : {};
}
