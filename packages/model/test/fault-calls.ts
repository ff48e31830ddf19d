import { isParleyError, type ParleyError } from '@parley/contracts';
import { z } from 'zod';
import {
  type ChatCall,
  type ChatResult,
  chatStructured,
  createModelClient,
  createOllamaModel,
  createOpenAiModel,
  type ModelClient,
  type PolicyOptions,
} from '../src/index.ts';

export const wires = ['ollama', 'openai'] as const;
export const roles = ['speaker', 'judge'] as const;
export type Wire = (typeof wires)[number];
export type Role = (typeof roles)[number];

export interface Ended {
  readonly result?: ChatResult;
  readonly error?: ParleyError;
  /** What was published of it. */
  readonly heard: string;
}

/** Limits small enough for a table of hundreds of calls, and large enough for an answer on a machine that is busy with other suites. */
const quickPolicy: Partial<PolicyOptions> = {
  coldFirstTokenMs: 5_000,
  warmFirstTokenMs: 5_000,
  stallMs: 3_000,
  maxRetries: 1,
  retryBaseMs: 2,
  retryCapMs: 4,
  breakerFailures: 1_000_000,
  concurrency: { ollama: 1_000, openai: 1_000, rehearsal: 1_000 },
};

const mark = z.int().min(1).max(10);
const scores = z.object({ argument: mark, evidence: mark, rebuttal: mark, clarity: mark });

/** A ruling as a judge gives it. */
const ruling = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  scores: z.object({ X: scores, Y: scores }),
  reason: z.string().trim().min(1).max(600),
});

/** A client of the odd model server, on both wires. */
export function openFaultClient(baseUrl: string): ModelClient {
  return createModelClient({
    models: {
      ollama: createOllamaModel({ baseUrl }),
      openai: createOpenAiModel({ baseUrl: `${baseUrl}/v1`, apiKey: 'sk-secret' }),
      rehearsal: undefined,
    },
    options: quickPolicy,
  });
}

/** One call of a speaker or a judge, however it ends. */
export async function runFault(client: ModelClient, role: Role, models: readonly string[]): Promise<Ended> {
  let heard = '';
  const call: ChatCall = {
    models,
    messages: [{ role: 'user', content: role === 'judge' ? 'Who won?' : 'Your turn.' }],
    purpose: { kind: role === 'judge' ? 'judge' : 'turn', topic: 'Cars' },
    maxTokens: 400,
    contextTokens: 8_192,
    temperature: 0,
    seed: 1,
    budgetMs: 10_000,
    fairKey: 'debate',
    signal: new AbortController().signal,
  };
  try {
    if (role === 'judge') return { result: (await chatStructured(client, call, ruling)).result, heard };
    const result = await client.chat({
      ...call,
      onText: (text) => {
        heard += text;
      },
      onRestart: () => {
        heard = '';
      },
    });
    return { result, heard };
  } catch (thrown) {
    if (!isParleyError(thrown)) throw thrown;
    return { error: thrown, heard };
  }
}
