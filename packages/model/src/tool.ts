/** A JSON object, such as a schema or the arguments of a call. */
export type PlainObject = Readonly<Record<string, unknown>>;

/**
 * A tool that a request offers to the model. Source: OpenAI, Chat Completions, `tools`; Ollama, docs/api.md, "Generate a
 * chat completion".
 */
export interface ToolDefinition {
  /** Unique in its request; as `toolName` takes it. */
  readonly name: string;
  /** What it does and when to use it, for the model. */
  readonly description: string;
  /** JSON Schema of the arguments, of type `object`. A help to the model, not a promise. */
  readonly parameters: PlainObject;
}

/** The names that every server takes. Source: OpenAI, Chat Completions, `tools[].function.name`. */
export const toolName = /^[a-zA-Z0-9_-]{1,64}$/;

/** What is taken of the tool calls in one answer, and offered in one request. */
export const toolBounds = {
  /** Tools of a request. Source: OpenAI, Chat Completions, `tools`. */
  offered: 128,
  /** Calls of an answer; one more entry may say that there were too many. */
  calls: 32,
  /** Arguments of one call as JSON, in bytes of UTF-8. */
  argumentBytes: 65_536,
  /** Objects and lists within each other in the arguments of one call. */
  depth: 32,
  /** What is told of a call that is refused, in characters. */
  reason: 400,
} as const;

/** A call as it stands in the history of a conversation: its arguments were checked. */
export interface MadeToolCall {
  readonly name: string;
  readonly arguments: PlainObject;
}

/**
 * A call that can be made. Its place in the list is all that tells it from the others: servers leave ids out, repeat them,
 * or use other forms. Whether the arguments fit the tool's schema is the caller's to check.
 */
export interface AcceptedToolCall extends MadeToolCall {
  readonly ok: true;
  /** The JSON of the arguments was mended. */
  readonly isRepaired: boolean;
  /** The call was the answer's text: the server did not take it for a call. */
  readonly isFromText: boolean;
}

/** Why a call cannot be made. */
export const toolCallFaults = [
  /** No name, or none that a tool can have. */
  'BAD_NAME',
  /** No tool of this name was offered. */
  'UNKNOWN_TOOL',
  /** The answer ended within the arguments, whatever the server gave as its reason to finish. */
  'ARGUMENTS_CUT',
  /** No JSON, and nothing that can be mended to an object. */
  'ARGUMENTS_MALFORMED',
  /** JSON, such as a list or a number, but no object. */
  'ARGUMENTS_NOT_AN_OBJECT',
  /** No arguments, `null` or an empty text, for a tool that needs some. */
  'ARGUMENTS_MISSING',
  'ARGUMENTS_TOO_LONG',
  'ARGUMENTS_TOO_DEEP',
  /** The answer has more calls than are taken: those behind this entry are dropped. */
  'TOO_MANY_CALLS',
] as const;
export type ToolCallFault = (typeof toolCallFaults)[number];

/** A call that cannot be made, as a value: the model can be told and asked again. */
export interface RefusedToolCall {
  readonly ok: false;
  readonly fault: ToolCallFault;
  /** The name that the model gave, if a tool could have it, else empty. */
  readonly name: string;
  readonly isFromText: boolean;
  /** What is wrong, as a sentence for the model. It may quote the model's own words. */
  readonly reason: string;
}

export type ToolCall = AcceptedToolCall | RefusedToolCall;
