import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { messageOf, ParleyError } from '@parley/contracts';
import { pairLabels } from '@parley/moderator/domain/calibration.ts';
import { z } from 'zod';

/** Two turns of one debate, labelled by what the later one is to the earlier. */
export const turnPairSchema = z.strictObject({
  id: z.string().min(1),
  /** Pairs of one topic share the earlier turn, in each language. */
  topic: z.string().min(1),
  language: z.enum(['en', 'zh']),
  label: z.enum(pairLabels),
  /** Kind of a paraphrase: near keeps names and figures, free says those in other words too. */
  kind: z.enum(['near', 'free']).optional(),
  earlier: z.string().min(1),
  later: z.string().min(1),
});
export type TurnPair = z.infer<typeof turnPairSchema>;

/** The labelled pairs that were written for this project. */
export const turnPairsFile = fileURLToPath(new URL('../../corpus/turn-pairs.jsonl', import.meta.url));

/**
 * Reads labelled pairs, one JSON object a line.
 * @throws ParleyError NOT_FOUND: no such file; BAD_REQUEST: the line that is none.
 */
export async function readTurnPairs(file: string): Promise<TurnPair[]> {
  const text = await readFile(file, 'utf8').catch((thrown) => {
    throw new ParleyError('NOT_FOUND', `${file} cannot be read: ${messageOf(thrown)}. Name a file with --corpus.`);
  });
  return text
    .split('\n')
    .map((line, at) => ({ line, at: at + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => pairOf(line, `${file}:${at}`));
}

function pairOf(line: string, place: string): TurnPair {
  const parsed = turnPairSchema.safeParse(jsonOf(line));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'line'}: ${message}`).join('; ');
  throw new ParleyError('BAD_REQUEST', `${place} is no turn pair: ${issues}.`);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
