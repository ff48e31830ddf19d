import { readFile } from 'node:fs/promises';

/** The last lines of a log, for a message; empty when there is none. */
export async function logTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-5).join('\n');
}
