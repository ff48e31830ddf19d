import type { ChatMessage, ChatRequest } from '../model.ts';
import type { PlainObject, ToolDefinition } from '../tool.ts';
import { arithmeticIn, numbersIn } from './arithmetic.ts';
import { fill } from './filled-schema.ts';

/** What the rehearsal model does when tools are offered: it calls one, or says what they have answered. */
export type ToolStep = { readonly call: ToolDefinition; readonly given: PlainObject } | { readonly text: string };

/** Longest part of a request or a result that is repeated, in characters. */
const longestQuote = 300;

/**
 * The step of an agent that understands nothing. It calls the first tool on offer that has not been called since the
 * user's last message and whose name has a word of it (`calculator` for "calculate", `send_mail` for "mail it"), or that
 * needs an `expression` where the message has two numbers to calculate with. When no such tool is left, it says what the
 * tools have answered. Undefined for a request without tools.
 */
export function toolStep({ messages, tools = [], schema }: ChatRequest): ToolStep | undefined {
  if (schema !== undefined || (tools.length === 0 && messages.at(-1)?.role !== 'tool')) return undefined;
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const wish = messages[at]?.content ?? '';
  const since = messages.slice(at + 1);
  const called = new Set(since.flatMap(namesCalled));
  const results = since.flatMap((message) => (message.role === 'tool' ? [message] : []));
  const tool = tools.find((one) => !called.has(one.name) && isMeant(one, wish));
  if (tool !== undefined) return { call: tool, given: argumentsFor(tool, wish, results.at(-1)?.content) };
  if (results.length === 0) {
    const names = tools.map(({ name }) => name).join(', ');
    return { text: `This is a rehearsal without a model: the request names none of the tools ${names}.` };
  }
  const said = results.map(({ toolName, content }) => `${toolName} answered "${quoted(content)}"`);
  return { text: `This is a rehearsal without a model: ${said.join(', ')}.` };
}

function namesCalled(message: ChatMessage): readonly string[] {
  return message.role === 'assistant' ? (message.toolCalls ?? []).map(({ name }) => name) : [];
}

function isMeant(tool: ToolDefinition, wish: string): boolean {
  if (requiredOf(tool.parameters).includes('expression') && arithmeticIn(wish) !== undefined) return true;
  const words = wordsIn(wish);
  return wordsIn(tool.name).some((part) => words.some((word) => areAlike(part, word)));
}

/** Words of three letters or more; a name such as `sendMail` or `send_mail` has two. */
function wordsIn(text: string): readonly string[] {
  const spaced = text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.match(/\p{L}{3,}/gu) ?? [];
}

/** Whether two words begin alike: by their first five letters, or by all of the shorter one. */
function areAlike(a: string, b: string): boolean {
  const length = Math.min(5, a.length, b.length);
  return a.slice(0, length) === b.slice(0, length);
}

/** What the tool needs and nothing else: numbers and addresses of the message, else the last result or the message. */
function argumentsFor({ parameters }: ToolDefinition, wish: string, result: string | undefined): PlainObject {
  const properties = (parameters.properties ?? {}) as Readonly<Record<string, PlainObject>>;
  const numbers = [...numbersIn(wish)];
  const known: Record<string, unknown> = {};
  const needed: Record<string, PlainObject> = {};
  for (const name of requiredOf(parameters)) {
    const schema = properties[name] ?? { type: 'string' };
    needed[name] = schema;
    if (schema.type === 'number' || schema.type === 'integer') known[name] = numbers.shift();
    else if (name === 'expression') known[name] = arithmeticIn(wish);
    else if (schema.format === 'uri' || name === 'url') known[name] = /https?:\/\/[^\s"']+/.exec(wish)?.[0];
    else if (schema.format === 'email' || name === 'to') known[name] = /[\w.+-]+@[\w.-]+\w/.exec(wish)?.[0] ?? someone;
  }
  return fill({ type: 'object', properties: needed }, { ...known, text: quoted(result ?? wish) }) as PlainObject;
}
const someone = 'somebody@example.org';

function requiredOf({ required }: PlainObject): readonly string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function quoted(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestQuote);
}
