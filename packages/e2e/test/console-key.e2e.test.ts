import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMemoryBus, type MessageBus } from '@parley/bus';
import { createGateway, type Gateway, gatewaySchema } from '@parley/gateway';
import { openKeyOffice } from '@parley/gateway/operator.ts';
import { createWeb, type Listening, listen, silentLogger } from '@parley/runtime';
import { type Database, migrate, openEmbedded } from '@parley/spine';
import { whyMissing } from '@parley/testkit';
import type { Browser } from 'playwright-core';
import { Registry } from 'prom-client';
import { openBrowser, openPage } from '../src/browser.ts';

const opening = openBrowser();
const missing = await whyMissing('chromium', opening);
const inBrowser = missing === undefined ? test : test.skip;
let browser: Browser;
let db: Database;
let bus: MessageBus;
let gateway: Gateway;
let listening: Listening;

beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await opening;
  db = await openEmbedded();
  bus = createMemoryBus();
  await migrate(db, gatewaySchema);
  gateway = await createGateway({ db, bus, logger: silentLogger, auth: {} });
  const web = createWeb({ routers: [gateway.routes], registry: new Registry(), logger: silentLogger, ready: {} });
  await gateway.start();
  listening = await listen(web, 0, '127.0.0.1');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await listening?.close(1_000);
  await bus?.stop();
  await gateway?.stop();
  await db?.close();
}, 60_000);

inBrowser(
  'where the gateway asks who it is, the console asks for a key, and never puts it into an address',
  async () => {
    const { key } = await openKeyOffice(db).create(
      { tenant: 'acme', subject: 'test' },
      { name: 'A person', scopes: ['read', 'write'] },
    );
    const { page, requests, faults } = await openPage(browser, `http://127.0.0.1:${listening.port}/`);
    await page.getByRole('heading', { name: 'Who is it?' }).waitFor();
    const field = page.getByLabel('API key');
    expect(await field.getAttribute('type')).toBe('password');
    await field.fill('parley_wrong');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('does not take this key').waitFor();
    await field.fill(key);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('link', { name: 'Start the first debate' }).click();

    await page.getByLabel('Topic', { exact: true }).fill('Who may ask?');
    await page.getByText('Start it with curl').click();
    const command = await page.locator('.curl code').first().textContent();
    expect(command).toContain('Bearer $PARLEY_API_KEY');
    expect(command).not.toContain(key);
    await page.getByRole('button', { name: 'Start the debate' }).click();
    // Its stream is open, for which the key went along as well.
    await page.locator('.connection-live').waitFor();
    expect(gateway.watchers()).toBe(1);
    expect(requests.filter((address) => address.includes(key))).toEqual([]);
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(key);
    expect(faults).toEqual([]);
    await page.context().close();
  },
  400_000,
);
