import { expect, test } from '@jest/globals';
import { slowestFiles } from '../src/slowest-files.ts';

const report = (...files: [name: string, ms: number][]) => ({
  testResults: files.map(([name, ms]) => ({ name, startTime: 1_000, endTime: 1_000 + ms })),
});

test('the slowest test files of all workspaces come first, by their paths in the repository', () => {
  const reports = new Map([
    ['packages/bus', report(['/home/me/parley/packages/bus/test/a.test.ts', 1_500], ['/x/packages/bus/b.test.ts', 20])],
    ['services/gateway', report(['C:\\parley\\services\\gateway\\test\\c.test.ts', 61_040])],
  ]);
  expect(slowestFiles(reports, 2)).toEqual([
    '   61.0 s  services/gateway/test/c.test.ts',
    '    1.5 s  packages/bus/test/a.test.ts',
  ]);
});

test('a run without tests has no slowest file', () => {
  expect(slowestFiles(new Map(), 10)).toEqual([]);
  expect(slowestFiles(new Map([['packages/bus', report()]]), 10)).toEqual([]);
});
