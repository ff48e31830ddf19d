import { roomForThoughts } from './answer-bounds.ts';
import type { ChatRequest } from './model.ts';
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
