import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import type { Browser, Page } from 'playwright-core';
import { createApi } from '../src/api.ts';
import { openBrowser, openPage } from '../src/browser.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-pages-'));
const opening = openBrowser();
const missing = await whyMissing('chromium', opening);
const inBrowser = missing === undefined ? test : test.skip;
let browser: Browser;
let parley: ParleyProcess;
let finished = '';
let paused = '';

beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await opening;
  parley = await startParley({ dataDir: join(home, 'data') });
  const api = createApi(parley.url);
  finished = await api.start({
    topic: 'A-topic-without-any-space-in-it-that-no-narrow-page-can-break-at-a-word-and-so-must-break-elsewhere',
    maxRounds: 3,
    sides: { pro: { persona: 'A mayor.' }, con: { model: 'rehearsal:repeat' } },
  });
  paused = await api.start({ topic: 'Should the museum be free?', maxRounds: 32 });
  await api.post(`/v1/debates/${paused}/pause`, {});
  await api.until(paused, ({ status }) => status === 'paused');
  await api.untilClosed(finished);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  parley?.kill('SIGTERM');
  await parley?.exited;
  rmSync(home, { recursive: true, force: true });
});

interface Shown {
  readonly hash: string;
  /** What is there when the page has what it shows. */
  readonly sign: string;
}
const pages: Readonly<Record<string, () => Shown>> = {
  debates: () => ({ hash: '#/debates', sign: '.debates a' }),
  'new debate': () => ({ hash: '#/new', sign: '.new-debate' }),
  'finished debate': () => ({ hash: `#/debates/${finished}`, sign: '.replay canvas' }),
  'paused debate': () => ({ hash: `#/debates/${paused}`, sign: '.status-paused' }),
  usage: () => ({ hash: '#/usage', sign: '.table, canvas' }),
  objectives: () => ({ hash: '#/objectives', sign: 'h1' }),
  system: () => ({ hash: '#/system', sign: '.checks li' }),
  'unknown debate': () => ({ hash: '#/debates/0190a000-0000-7000-8000-000000000000', sign: '.fault' }),
  'unknown page': () => ({ hash: '#/nothing', sign: 'h1' }),
};

/** Shows a page with everything on it that can be opened. */
async function show(page: Page, { hash, sign }: Shown): Promise<void> {
  await page.goto(`${parley.url}/${hash}`);
  await page.reload();
  await page.locator(sign).first().waitFor();
  await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
}

async function faultsOf(axe: AxeBuilder): Promise<string[]> {
  // The page has no frames: nothing has to be put together in another page.
  const { violations } = await axe.setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

inBrowser.each(Object.keys(pages))(
  'axe finds no fault on the page "%s", in light colours and in dark ones',
  async (name) => {
    const { page } = await openPage(browser, parley.url, { colorScheme: 'light', reducedMotion: 'reduce' });
    await show(page, pages[name]?.() as Shown);
    expect(await faultsOf(new AxeBuilder({ page }))).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await faultsOf(new AxeBuilder({ page }).withRules('color-contrast'))).toEqual([]);
    await page.context().close();
  },
  240_000,
);

inBrowser(
  'no page is wider than a phone',
  async () => {
    const { page } = await openPage(browser, parley.url, { viewport: { width: 375, height: 740 } });
    const widths: Record<string, number> = {};
    for (const [name, shown] of Object.entries(pages)) {
      await show(page, shown());
      widths[name] = Number(await page.evaluate('document.documentElement.scrollWidth'));
    }
    expect(widths).toEqual(Object.fromEntries(Object.keys(pages).map((name) => [name, 375])));
    await page.context().close();
  },
  400_000,
);

inBrowser(
  'the first load is at most 150 kB, all of it from here',
  async () => {
    const { page, requests } = await openPage(browser, 'about:blank');
    const sizes: Promise<number>[] = [];
    page.on('requestfinished', (request) =>
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)),
    );
    await page.goto(`${parley.url}/`, { waitUntil: 'networkidle' });
    await page.locator('.debates a').first().waitFor();
    const bytes = (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(150_000);
    for (const address of requests) expect(address).toMatch(new RegExp(`^(about:blank|${parley.url}/)`));
    await page.context().close();
  },
  240_000,
);

inBrowser(
  'the colours that somebody chose stay, and those of the system come back',
  async () => {
    const { page } = await openPage(browser, parley.url, { colorScheme: 'light' });
    const paper = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await paper();
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    const dark = await paper();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await paper()).toBe(dark);
    await page.getByRole('button', { name: 'Switch to light colours' }).click();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(await paper()).toBe(light);
    await page.context().close();
  },
  240_000,
);
