import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What `npm run jest -- ARGS` does once Node is found. */
function jest(...args: string[]) {
  const made = spawnSync(process.execPath, ['scripts/jest.mjs', ...args], { cwd: root, encoding: 'utf8' });
  return { code: made.status, out: made.stdout, said: made.stderr };
}

test('at the root a test file is found in its workspace, and what jest prints is shown', () => {
  const { code, out } = jest('packages/slo/src/budget.test.ts', '--showConfig');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    configs: [{ rootDir: expect.stringMatching(/packages.slo$/) }],
    globalConfig: { nonFlagArgs: [expect.stringMatching(/^src.budget\.test\.ts$/)] },
  });
});

test.each([
  ['no file', [], /Name a file or folder of tests/],
  ['a file that is not there', ['packages/slo/src/nothing.test.ts'], /Name a file or folder of tests/],
  ['a file of no workspace', ['scripts/jest.mjs'], /Name a file or folder of tests/],
  [
    'two workspaces',
    ['packages/slo/src', 'packages/bus/test'],
    /packages\/slo and packages\/bus are several workspaces/,
  ],
])('at the root the runner refuses %s, and says what to do', (_what, args, sentence) => {
  expect(jest(...args)).toMatchObject({ code: 2, said: expect.stringMatching(sentence) });
});

test.each([
  ['passes when all pass', '', { code: 0, passed: 2, failed: 0 }],
  ['fails when one fails', 'expect(1).toBe(2)', { code: 1, passed: 1, failed: 1 }],
  [
    'fails when one ends its process, and the others run',
    "process.kill(process.pid, 'SIGKILL')",
    { code: 1, passed: 1, failed: 0 },
  ],
])('a workspace, of which each suite with servers has a process of its own, %s', (_what, line, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-workspace-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const suite = (body: string) =>
      `import { expect, test } from '@jest/globals'; test('is run', () => { expect(1).toBe(1); ${body} });`;
    writeFileSync(join(folder, 'first.e2e.test.ts'), suite(line));
    writeFileSync(join(folder, 'second.int.test.ts'), suite(''));
    const { status: code } = spawnSync(process.execPath, [join(root, 'scripts/jest.mjs')], { cwd: folder });
    const report = JSON.parse(readFileSync(join(folder, 'test-report.json'), 'utf8'));
    expect({ code, passed: report.numPassedTests, failed: report.numFailedTests }).toEqual(expected);
    expect(report.testResults).toHaveLength(expected.failed + expected.passed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
