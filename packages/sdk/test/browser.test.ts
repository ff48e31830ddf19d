import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const source = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url));
/** What is imported to run, not only for its types. */
const imported = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\s+from\s+)?['"]([^'"]+)['"]/gm;

function reached(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(imported)) {
    if (name.startsWith('.')) reached(resolve(dirname(file), name), seen);
    else if (name.startsWith('@parley/')) reached(fileURLToPath(import.meta.resolve(name)), seen);
    else seen.add(name);
  }
  return seen;
}

test('A browser can run it: beyond its own files it needs a parser of event streams, and nothing of Node.', () => {
  const files = [...reached(source('index.ts'))];
  expect(files.filter((file) => !file.startsWith('/') && !/^[A-Z]:/.test(file))).toEqual(['eventsource-parser']);
  const text = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(file, 'utf8'));
  expect(text.length).toBeGreaterThan(4);
  for (const one of text) expect(one).not.toMatch(/\b(process|Buffer|__dirname|require)\b[.(]/);
});
