import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { openOddModelServer } from '@parley/testkit';

const program = fileURLToPath(new URL('./fault-process.ts', import.meta.url));
/** What a service may take under all faults at once. */
const mostMegabytes = 512;

test('a process that meets every fault at once, on both wires and in both roles, stays within its memory', async () => {
  const server = await openOddModelServer();
  const args = ['--disable-warning=ExperimentalWarning', program, server.baseUrl];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
    const { calls, peakMegabytes } = JSON.parse(stdout) as { calls: number; peakMegabytes: number };
    console.info(`${calls} faults side by side: at most ${peakMegabytes} MB.`);
    expect(calls).toBeGreaterThan(400);
    expect(peakMegabytes).toBeLessThan(mostMegabytes);
  } finally {
    await server.close();
  }
}, 60_000);
