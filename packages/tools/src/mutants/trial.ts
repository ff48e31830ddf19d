import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killTree } from '../process-table.ts';
import { type PlantedFault, planted, type Verdict, verdictOf } from './planted-fault.ts';

/** A test that waits for what the fault took away gives up by then. */
const testMs = 15_000;
/** No suite takes as long with a fault in it. */
const boundMs = 60_000;

type Suite = Pick<PlantedFault, 'workspace' | 'suite' | 'database'>;

/** Runs the suite in the copy with the fault in it, and takes the fault out again. */
export async function tryFault(root: string, fault: PlantedFault, databaseUrl: string | undefined): Promise<Verdict> {
  const path = join(root, fault.file);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = planted(before, fault);
  if (after === undefined) return 'no longer applies';
  writeFileSync(path, after);
  try {
    return verdictOf(await runSuite(root, fault, databaseUrl));
  } finally {
    writeFileSync(path, before);
  }
}

/** Whether the suite passes without a fault: otherwise it notices nothing. */
export async function passes(root: string, suite: Suite, databaseUrl: string | undefined): Promise<boolean> {
  return verdictOf(await runSuite(root, suite, databaseUrl)) === 'survived';
}

async function runSuite(root: string, { workspace, suite, database }: Suite, databaseUrl: string | undefined) {
  const cwd = join(root, workspace);
  const file = join(cwd, 'test-report.json');
  rmSync(file, { force: true });
  const { PARLEY_TEST_DATABASE_URL: _, PARLEY_TEST_COMPONENTS: __, ...env } = process.env;
  if (database === 'postgres' && databaseUrl !== undefined) env.PARLEY_TEST_DATABASE_URL = databaseUrl;
  const args = [
    join(root, 'scripts/jest.mjs'),
    '--runTestsByPath',
    join(cwd, suite),
    '--bail',
    `--testTimeout=${testMs}`,
  ];
  const child = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    if (child.pid !== undefined) void killTree(child.pid);
  }, boundMs);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  if (!existsSync(file)) return { isTimedOut, failed: undefined, passed: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as { numFailedTests: number; numPassedTests: number };
  return { isTimedOut, failed: report.numFailedTests, passed: report.numPassedTests };
}
