import { type Manner, roomOf } from './manner.ts';
import type { ChatRequest } from './model.ts';
import type { Refusable } from './refusable.ts';
import { toWireTools } from './tool-offer.ts';
import { messagesOf, type ToolHistory } from './wire-messages.ts';

/** What Ollama, an older version of it or a server that speaks like it may refuse. `format`: a schema, any JSON, none. */
export const ollamaFields: readonly Refusable[] = [
  { name: 'format', words: /\bformat\b|json[_ ]?schema|grammar/i, others: 2 },
  { name: 'think', words: /\bthink(?:ing)?\b/i, others: 1 },
  { name: 'keep_alive', words: /keep_alive/i, others: 1 },
  { name: 'temperature', words: /temperature/i, others: 1 },
  { name: 'seed', words: /\bseed\b/i, others: 1 },
  { name: 'num_ctx', words: /num_ctx/i, others: 1 },
  { name: 'num_predict', words: /num_predict/i, others: 1 },
  { name: 'options', words: /\boptions\b/i, others: 1 },
];

/** Ollama knows no ids: the order of calls and results counts. Source: docs/api.md, "Chat request (with history, with tools)". */
const toolHistory: ToolHistory = {
  calls: (calls) => ({
    tool_calls: calls.map(({ name, arguments: given }) => ({ function: { name, arguments: given } })),
  }),
  result: (name) => ({ tool_name: name }),
};

export function toOllama(request: ChatRequest, manner: Manner, keepAlive: string | undefined): Record<string, unknown> {
  const form = (name: string) => manner.forms[name] ?? 0;
  const { schema, temperature, seed } = request;
  return {
    model: request.model,
    messages: messagesOf(request.messages, form('format') > 0 ? schema : undefined, toolHistory),
    ...toWireTools(request.tools),
    stream: true,
    // A model that thinks would spend the answer's tokens on it. One that cannot takes this, too.
    ...(form('think') > 0 ? {} : { think: false }),
    ...(keepAlive === undefined || form('keep_alive') > 0 ? {} : { keep_alive: keepAlive }),
    ...(schema === undefined || form('format') > 1 ? {} : { format: form('format') === 0 ? schema : 'json' }),
    // Without num_ctx the prompt is cut silently, without num_predict the answer has no end.
    ...(form('options') > 0
      ? {}
      : {
          options: {
            ...(form('num_ctx') > 0 ? {} : { num_ctx: request.contextTokens }),
            ...(form('num_predict') > 0 ? {} : { num_predict: roomOf(request, manner) }),
            ...(temperature === undefined || form('temperature') > 0 ? {} : { temperature }),
            ...(seed === undefined || form('seed') > 0 ? {} : { seed }),
          },
        }),
  };
}

/** The names of the fields, as `ollamaFields` has them, that a request carries. */
export function sentToOllama(body: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set([...Object.keys(body), ...Object.keys((body.options ?? {}) as object)]);
}
