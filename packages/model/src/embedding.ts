import { ParleyError } from '@parley/contracts';
import type { BodyBounds } from '@parley/contracts/bounded-body.ts';
import { tokensOf } from './answer-bounds.ts';
import type { EmbedRequest, EmbedResult, Provider } from './model.ts';
import { believableCount } from './token-count.ts';

/** What is read of vectors: 16,384 dimensions of 32 characters for each text, and what stands around them. */
export function embeddingBounds(inputs: number): BodyBounds {
  return { bytes: 65_536 + inputs * 16_384 * 32, ms: 120_000 };
}

/** What a server sent as vectors, before any check. */
export interface RawEmbedding {
  readonly vectors: unknown;
  readonly inputTokens?: unknown;
}

/**
 * A server's vectors as a result, once they are one per input, of one dimension and finite.
 * @param startedAt by `performance.now()`.
 * @throws ParleyError MODEL_GARBAGE: they are not.
 */
export function embedResult(
  provider: Provider,
  request: EmbedRequest,
  raw: RawEmbedding,
  startedAt: number,
): EmbedResult {
  const { model, inputs } = request;
  const fault = faultOf(raw.vectors, inputs.length);
  if (fault !== undefined) {
    throw new ParleyError(
      'MODEL_GARBAGE',
      `Model "${model}" was given ${inputs.length} texts to embed and answered with ${fault}. Use a model made for embeddings.`,
    );
  }
  const characters = inputs.reduce((sum, text) => sum + text.length, 0);
  return {
    vectors: raw.vectors as number[][],
    model,
    provider,
    inputTokens: believableCount(raw.inputTokens, characters) ?? tokensOf(characters),
    totalMs: performance.now() - startedAt,
  };
}

function faultOf(vectors: unknown, expected: number): string | undefined {
  if (!Array.isArray(vectors)) return 'no list of vectors';
  if (vectors.length !== expected) return `${vectors.length} vectors`;
  const dimension = Array.isArray(vectors[0]) ? vectors[0].length : 0;
  if (dimension === 0) return 'an empty vector';
  for (const vector of vectors) {
    if (!Array.isArray(vector) || vector.length !== dimension) return 'vectors of different dimensions';
    if (!vector.every((value) => Number.isFinite(value))) return 'a vector that is not of numbers';
    // Seen of servers that fail without saying so; its cosine with anything would be that of a new turn.
    if (vector.every((value) => value === 0)) return 'a vector of zeros';
  }
  return undefined;
}
