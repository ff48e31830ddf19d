import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type Daemon, daemonPid, startDaemon, stopDaemon } from '../src/component/daemon.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-daemon-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a daemon that becomes another program again and again runs at every moment', async () => {
  const script = join(folder, 'again.sh');
  writeFileSync(script, '#!/bin/sh\nexec "$0"\n');
  chmodSync(script, 0o755);
  const daemon: Daemon = { pidFile: join(folder, 'pid'), log: join(folder, 'log'), mark: script };
  expect(await startDaemon(daemon, script, [], { cwd: folder })).toBe(true);
  try {
    let missed = 0;
    for (let i = 0; i < 500; i++) if ((await daemonPid(daemon)) === undefined) missed += 1;
    expect(missed).toBe(0);
  } finally {
    await stopDaemon(daemon, 'SIGKILL');
  }
  expect(await daemonPid(daemon)).toBeUndefined();
});
