import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';

const runner = fileURLToPath(new URL('../../../scripts/jest.mjs', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const graceMs = 1_000;
let folder = '';
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs one file of tests as `npm test` does, in a folder of its own. */
async function run(text: string) {
  folder = mkdtempSync(join(tmpdir(), 'parley-planted-'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'planted.test.ts'), `import { expect, test } from '@jest/globals';\n${text}`);
  const child = spawn(process.execPath, [runner], {
    cwd: folder,
    env: { ...process.env, PARLEY_TEST_LEFT_OPEN_MS: String(graceMs) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (part) => (said += part));
  const began = performance.now();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const report = JSON.parse(readFileSync(join(folder, 'test-report.json'), 'utf8'));
  return { code, said, ms: performance.now() - began, passed: report.numPassedTests, failed: report.numFailedTests };
}

const server = `import { createServer } from 'node:net';
const open = () => new Promise((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => resolve(server)); });`;

test('a failed test that leaves a server open ends with its report, and a sentence on what was left', async () => {
  const ended = await run(`${server} test('fails', async () => { await open(); expect(1).toBe(2); });`);
  expect(ended).toMatchObject({ code: 1, passed: 0, failed: 1 });
  expect(ended.said).toMatch(
    /The tests ended 1 s ago and something that they opened keeps the process alive: .*1 TCPServerWrap\. Look at .*planted\.test\.ts/,
  );
  expect(ended.ms).toBeLessThan(30_000);
}, 60_000);

test('tests that pass and leave a process behind fail the run, and the process is ended', async () => {
  const ended = await run(`import { spawn } from 'node:child_process';
    test('passes', () => { expect(spawn('sleep', ['600']).pid).toBeGreaterThan(0); });`);
  expect(ended).toMatchObject({ code: 1, passed: 1, failed: 0 });
  expect(ended.said).toContain('keeps the process alive');
  if (process.platform === 'linux') expect(ended.said).toContain('1 of their processes are ended.');
}, 60_000);

test('what a scope owns is closed after the test that opened it, although that fails and the close before it hangs', async () => {
  const ended = await run(`${server} import { useScope } from '@parley/testkit/scope.ts';
    const scope = useScope();
    test('fails', async () => {
      const server = await open();
      scope.own('The server', () => server.close());
      scope.own('The endless', () => new Promise(() => {}));
      expect(1).toBe(2);
    });
    test('passes', () => { expect(1).toBe(1); });`);
  expect(ended).toMatchObject({ code: 1, passed: 1, failed: 1 });
  expect(ended.said).toContain('The endless did not close within 5000 ms.');
  expect(ended.said).not.toContain('keeps the process alive');
}, 60_000);
