import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from './edits.ts';

/** Makes the edits, and nothing else. @throws Error where a text does not stand there once */
export function applyEdits(at: string, edits: readonly Edit[]): void {
  for (const { file, behind, add } of edits) {
    const text = readFileSync(join(at, file), 'utf8');
    const [before, after, ...more] = text.split(behind);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} has "${behind.trim()}" ${text.split(behind).length - 1} times, not once.`);
    }
    writeFileSync(join(at, file), before + behind + add + after);
  }
}
