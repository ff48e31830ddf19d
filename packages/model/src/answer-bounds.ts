import type { ChatRequest } from './model.ts';

/** Characters of a token, about: good enough for budgets and bounds where a server does not count. */
const charactersPerToken = 4;
/** An answer may be longer than its `maxTokens` says by this factor: tokens are longer in some languages. */
const answerFactor = 4;
/** What a very short answer may always have, in characters. */
const leastCharacters = 1_000;
/** Thoughts may take this many times the answer's `maxTokens` beside it, where the server and the window allow. */
const thoughtFactor = 3;
/** What the wire may add around each token, such as an event of JSON, in bytes; and once, such as keep-alives. */
const bytesAround = { each: 4_000, once: 1_000_000 } as const;

/** Signs of life without an event, such as comments of SSE, that count as one between two events. */
export const keepAlivesTaken = 30;

/** What is read of one answer, and no more. */
export interface AnswerBounds {
  /** Characters of the answer; it is cut there and used. */
  readonly text: number;
  /** Characters of the thoughts beside it. */
  readonly thoughts: number;
  /** Bytes of the whole body, with everything that is no part of the answer. */
  readonly bytes: number;
}

/** @param roomTokens what the server was told the answer may take, thoughts included. */
export function answerBounds(maxTokens: number, roomTokens: number): AnswerBounds {
  const characters = (tokens: number) => Math.max(leastCharacters, tokens * charactersPerToken * answerFactor);
  return {
    text: characters(maxTokens),
    thoughts: characters(roomTokens),
    bytes: bytesAround.once + Math.max(maxTokens, roomTokens) * bytesAround.each,
  };
}

/** The limit for an answer and its thoughts together, in tokens: never beyond the window. */
export function roomForThoughts(request: ChatRequest): number {
  const left = request.contextTokens - tokensOf(promptCharacters(request));
  return Math.max(request.maxTokens, Math.min(request.maxTokens * (1 + thoughtFactor), left));
}

export function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

export function promptCharacters(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) {
    characters += message.content.length;
    if (message.role === 'assistant' && message.toolCalls !== undefined) {
      characters += JSON.stringify(message.toolCalls).length;
    }
  }
  return request.tools === undefined ? characters : characters + JSON.stringify(request.tools).length;
}
