import { spawnSync } from 'node:child_process';
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
