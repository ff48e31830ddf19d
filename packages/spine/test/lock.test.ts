import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { lockFolder } from '../src/database/lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a second process is refused with a sentence, until the first is killed', async () => {
  const module = fileURLToPath(new URL('../src/database/lock.ts', import.meta.url));
  const script = `const { lockFolder } = await import(${JSON.stringify(module)});
    lockFolder(${JSON.stringify(folder)});
    setImmediate(() => { gc(); console.log('held'); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(child.stdout, 'data');
    expect(String(line)).toBe('held\n');
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_IN_USE', message: expect.stringContaining(folder) }),
    );
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
  lockFolder(folder)();
});

test('a folder that was let go can be locked again', () => {
  lockFolder(folder)();
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(ParleyError);
  unlock();
});

test('a folder that is not there is not "in use"', () => {
  expect(() => lockFolder(join(folder, 'nowhere'))).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }));
});
