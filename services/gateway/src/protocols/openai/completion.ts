import type { End } from '../../domain/presented.ts';
import type { AgentWorkView } from '../../streams/agent-port.ts';

type Spent = AgentWorkView['usage'];

/** What names one completion in all of its chunks. */
export interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export function headOf({ id, createdAt }: Pick<AgentWorkView, 'id' | 'createdAt'>, model: string): Head {
  return { id: `chatcmpl-${id}`, created: Math.floor(Date.parse(createdAt) / 1000), model };
}

/** Work that asks something back stops as well: the question is the end of the answer. */
export const finishReason = ({ isCutShort }: Pick<End, 'isCutShort'>): 'stop' | 'length' =>
  isCutShort ? 'length' : 'stop';

export function usageOf({ inputTokens, outputTokens }: Spent) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

export function completion(head: Head, content: string, reason: string, usage: Spent) {
  const message = { role: 'assistant', content, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: reason }];
  return { ...head, object: 'chat.completion', choices, usage: usageOf(usage) };
}

export function chunk(head: Head, delta: object, reason: string | null = null) {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: reason }];
  return { ...head, object: 'chat.completion.chunk', choices };
}

/** The last chunk, for who asked for it. */
export function usageChunk(head: Head, usage: Spent) {
  return { ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(usage) };
}
