import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { openOddModelServer } from '@parley/testkit';
import type { FaultReport } from '../src/model-faults.ts';

const program = fileURLToPath(new URL('../src/model-faults.ts', import.meta.url));
/** What everything in one process may take while every model fault happens at once. */
const mostMegabytes = 900;

test('debates with every fault of a speaker and of a judge, all at once, go on and leave the process its memory', async () => {
  const server = await openOddModelServer();
  try {
    const args = ['--disable-warning=ExperimentalWarning', program, server.baseUrl];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 170_000 });
    const report = JSON.parse(stdout) as FaultReport;
    console.info(stdout.trim());
    expect(report.debates).toBeGreaterThan(400);
    expect(report.peakMegabytes).toBeLessThan(mostMegabytes);
    expect(report.leaks).toBe(0);
    // The next model takes the turn of an odd speaker, and an odd judge takes no turn away.
    expect(report.speakers).toEqual({ closed: report.debates / 2, turns: report.debates / 2 });
    expect(report.judges.turns).toBe(report.debates / 2);
  } finally {
    await server.close();
  }
}, 180_000);
