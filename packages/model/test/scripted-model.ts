import type { ChatRequest, ChatResult, Model, Provider } from '../src/index.ts';

type Step = (request: ChatRequest) => Promise<ChatResult> | ChatResult;

/** A model whose n-th call does the n-th step, the last one for ever. */
export interface ScriptedModel extends Model {
  readonly requests: readonly ChatRequest[];
}

export function scriptedModel(provider: Provider, ...steps: readonly Step[]): ScriptedModel {
  const requests: ChatRequest[] = [];
  return {
    provider,
    requests,
    async chat(request) {
      const step = steps[Math.min(requests.length, steps.length - 1)];
      requests.push(request);
      if (step === undefined) throw new Error('a scripted model needs a step');
      return step(request);
    },
    embed: () => Promise.reject(new Error('a scripted model does not embed')),
    list: async () => [],
  };
}

/** Says the text and is done. */
export function says(text: string, more: Partial<ChatResult> = {}): Step {
  return (request) => {
    request.onText?.(text);
    const counts = { inputTokens: 1, outputTokens: 1, firstTokenMs: 0, totalMs: 0 };
    return { text, model: request.model, provider: 'ollama', finishReason: 'stop', ...counts, ...more };
  };
}

export function fails(error: Error): Step {
  return () => Promise.reject(error);
}

/** Says the text, if any, and then nothing until it is aborted. */
export function hangs(text = ''): Step {
  return (request) =>
    new Promise((_, reject) => {
      if (text !== '') request.onText?.(text);
      request.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
}

/** Says the text and then fails. */
export function saysAndFails(text: string, error: Error): Step {
  return (request) => {
    request.onText?.(text);
    return Promise.reject(error);
  };
}
