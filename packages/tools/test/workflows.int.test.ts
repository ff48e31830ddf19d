import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { runCommand } from '../src/command.ts';
import { cacheDir, findActionlint } from '../src/index.ts';

const folder = fileURLToPath(new URL('../../../.github/workflows/', import.meta.url));
const files = readdirSync(folder).map((name) => join(folder, name));
const building = findActionlint(cacheDir(process.env));
const missing = await whyMissing('actionlint', building);

(missing === undefined ? describe : describe.skip)('the workflows, by a real actionlint,', () => {
  const copies = mkdtempSync(join(tmpdir(), 'parley-workflows-'));
  afterAll(() => rmSync(copies, { recursive: true }));

  /** Without the programs that it asks where they are installed: what it says is the same everywhere. */
  const lint = async (...paths: string[]) =>
    runCommand((await building).path, ['-no-color', '-shellcheck=', '-pyflakes=', ...paths]);

  test('are what GitHub takes', async () => {
    expect(files.length).toBeGreaterThan(2);
    expect(await lint(...files)).toEqual({ code: 0, output: '' });
  });

  test.each([
    ['a job that waits for none', 'needs: ci', 'needs: cy', 'needs job "cy" which does not exist'],
    ['a value that nobody gives', 'matrix.service', 'matrix.servise', 'property "servise" is not defined'],
    ['a right that does not exist', 'id-token: write', 'id-tokens: write', 'unknown permission scope "id-tokens"'],
    ['a machine that does not exist', 'ubuntu-24.04', 'ubuntu-24.40', 'label "ubuntu-24.40" is unknown'],
  ])('would be refused with %s', async (_what, good, wrong, said) => {
    const text = readFileSync(join(folder, 'cd.yaml'), 'utf8');
    const copy = join(copies, 'cd.yaml');
    writeFileSync(copy, text.replaceAll(good, wrong));
    expect(text).toContain(good);
    expect(await lint(copy)).toMatchObject({ code: 1, output: expect.stringContaining(said) });
  });
});
