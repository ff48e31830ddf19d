// npm run bench:console: milliseconds until the console's first page can be used, on loopback in a real Chromium with an empty
// cache: from the start of the navigation until the field for a topic takes text. Prints median and range.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, openPage } from '../packages/e2e/src/browser.ts';
import { startParley } from '../packages/e2e/src/parley-process.ts';
import { spread } from './harness.ts';

const loads = 20;

const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-console-'));
const parley = await startParley({ dataDir });
const browser = await openBrowser();
try {
  const usable: number[] = [];
  // The first one also starts the browser's own processes.
  for (let load = 0; load <= loads; load++) {
    const { page } = await openPage(browser, `${parley.url}/#/new`);
    await page.getByLabel('Topic', { exact: true }).fill('Is tea better than coffee?');
    if (load > 0) usable.push(await page.evaluate(() => performance.now()));
    await page.context().close();
  }
  console.log(`${spread(usable, 0)} ms until a topic can be written (n = ${loads})`);
} finally {
  await browser.close();
  parley.kill('SIGTERM');
  await parley.exited;
  rmSync(dataDir, { recursive: true, force: true });
}
