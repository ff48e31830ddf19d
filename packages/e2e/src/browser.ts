import { findChromium } from '@parley/tools';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** In a container there is no sandbox to be had; the rest keeps a browser from calling home. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** @throws ParleyError BROWSER_UNAVAILABLE */
export async function openBrowser(): Promise<Browser> {
  const { path } = await findChromium();
  return chromium.launch({ executablePath: path, args: flags, timeout: 60_000 });
}

/** Slow machines decide how long a page takes; no test is about that. */
export const patience = { timeout: 120_000 } as const;

/** A page of the console, of which every request is remembered. */
export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ page: Page; requests: readonly string[]; faults: readonly string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(patience.timeout);
  const page = await context.newPage();
  const requests: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => faults.push(error.message));
  // Among them what the content security policy refuses; answers of 4xx are part of the tests.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  await page.goto(url);
  return { page, requests, faults };
}

/** Presses Tab until the element has the focus, as a person without a mouse does. */
export async function tabTo(page: Page, wanted: Locator, most = 80): Promise<void> {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error(`${most} tabs did not reach ${String(wanted)}.`);
}
