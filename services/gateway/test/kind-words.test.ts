import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const src = fileURLToPath(new URL('../src/', import.meta.url));
/** What serves streams of every kind and knows none of them. */
const kindless = ['streams', 'protocols/openai', 'protocols/a2a', 'protocols/ag-ui', 'protocols/mcp', 'protocols/*.ts'];
const ofAKind = /debat|replay|turn-recorded|verdict/i;

/** Lines that may name a kind all the same: in which file, by what is in them, and why. */
const allowed = [
  ['protocols/a2a/push-config-store.ts', 'debate_id', 'a column, which the release before reads and writes too'],
  ['protocols/mcp/server.ts', 'Parley has debates', 'what a client is told of the whole server'],
  ['protocols/id-header.ts', 'X-Parley-Debate', 'an example of a header whose name is made from the kind'],
] as const;

interface Line {
  readonly file: string;
  readonly number: number;
  readonly text: string;
}

function linesOf(pattern: string): Line[] {
  const files = globSync(pattern.endsWith('.ts') ? pattern : `${pattern}/**/*.ts`, { cwd: src });
  return files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      readFileSync(join(src, file), 'utf8')
        .split('\n')
        .map((text, i) => ({ file, number: i + 1, text })),
    );
}

const lines = kindless.flatMap(linesOf);

function named(of: readonly Line[]): string[] {
  return of
    .filter(({ file, text }) => !allowed.some(([where, what]) => where === file && text.includes(what)))
    .filter(({ text }) => ofAKind.test(text))
    .map(({ file, number, text }) => `${file}:${number} ${text.trim()}`);
}

test('every room that serves all kinds was read', () => {
  for (const pattern of kindless) expect(linesOf(pattern).length).toBeGreaterThan(20);
});

test('what serves every kind of stream names none of them', () => {
  expect(named(lines)).toEqual([]);
  // An allowance that nothing needs is taken out.
  for (const [where, what] of allowed)
    expect([where, lines.some(({ file, text }) => file === where && text.includes(what))]).toEqual([where, true]);
});

test('no protocol imports a feature', () => {
  const imports = lines.filter(({ file, text }) => file.startsWith('protocols/') && /\/features\//.test(text));
  expect(imports).toEqual([]);
});

test('a line that names a kind is found, and an exception holds in its own file only', () => {
  const text = "if (fact.type === 'debate-closed.v1') return;";
  expect(named([{ file: 'streams/hub.ts', number: 7, text }])).toEqual([`streams/hub.ts:7 ${text}`]);
  expect(named([{ file: 'streams/hub.ts', number: 7, text: 'debate_id' }])).toHaveLength(1);
  expect(named([{ file: 'protocols/a2a/push-config-store.ts', number: 7, text: 'debate_id' }])).toEqual([]);
});
