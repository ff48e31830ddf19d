import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Message, serviceNames } from '@parley/contracts';
import type { AuditEntry, ParkedPage } from '@parley/contracts/http';
import { openEmbedded } from '@parley/spine';
import { until, whyMissing } from '@parley/testkit';
import type { Browser } from 'playwright-core';
import { createApi } from '../src/api.ts';
import { openBrowser, openPage, patience } from '../src/browser.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';
import { setAside } from '../src/set-aside.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-system-'));
const opening = openBrowser();
const missing = await whyMissing('chromium', opening);
const inBrowser = missing === undefined ? test : test.skip;
let browser: Browser;
let parley: ParleyProcess;
let stuck = '';
let unwanted = '';

/** Two paused debates, of which one trips over its resumption, and the other's cancellation nobody could read. */
beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await opening;
  const first = await startParley({ dataDir });
  const api = createApi(first.url);
  const paused = async (topic: string) => {
    const id = await api.start({ topic, maxRounds: 32 });
    await api.post(`/v1/debates/${id}/pause`, {});
    await api.until(id, ({ status }) => status === 'paused');
    return id;
  };
  stuck = await paused('Should the museum be free?');
  unwanted = await paused('Should the library be quiet?');
  first.kill('SIGTERM');
  await first.exited;

  const cancel: Message = {
    id: `cancel/${unwanted}`,
    type: 'cancel-debate.v1',
    source: 'gateway',
    subject: unwanted,
    time: new Date().toISOString(),
    data: {},
  };
  const topic = 'parley.debate.commands';
  const db = await openEmbedded({ dataDir });
  await setAside(db, stuck);
  await db.query(`update gateway.stream_listing set status = 'parked' where id = $1`, [stuck]);
  await db.query(
    `insert into gateway.dead_letter (id, tenant, letter, service, topic, reason, original, at)
     select gen_random_uuid(), 'default', x.letter, 'moderator', $1, x.reason, x.original, clock_timestamp()
     from unnest($2::text[], $3::text[], $4::text[]) as x(letter, reason, original)`,
    [
      topic,
      [`dead/moderator/${topic}/0/7`, `dead/moderator/${topic}/0/8`],
      ['type cancel-debate.v1 is unknown to this build', 'value is not JSON; what is kept of it is cut'],
      [JSON.stringify(cancel), '{"key":'],
    ],
  );
  await db.close();
  parley = await startParley({ dataDir });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  parley?.kill('SIGTERM');
  await parley?.exited;
  rmSync(dataDir, { recursive: true, force: true });
});

async function openSystem(options: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(browser, `${parley.url}/#/system`, options);
  await opened.page
    .getByRole('row', { name: /^debater-b .* reports/ })
    .first()
    .waitFor();
  await opened.page.getByRole('button', { name: /^Send it again/ }).waitFor();
  return opened;
}

inBrowser(
  'the page shows every service and what was set aside; axe finds no fault, and a phone is wide enough',
  async () => {
    const { page, faults } = await openSystem({ colorScheme: 'light', reducedMotion: 'reduce' });
    for (const service of serviceNames)
      await page.getByRole('row', { name: new RegExp(`^${service} .*in one process`) }).waitFor();
    const moderator = page.getByRole('row', { name: /^moderator reports/ });
    expect(await moderator.locator('td').allTextContents()).toEqual(['reports', '0', '0', '0', 'none', '0', '1', '2']);
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
    await page.getByText(`"subject": "${unwanted}"`).waitFor();
    const faultsOf = async (axe: AxeBuilder) =>
      (await axe.setLegacyMode(true).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    expect(await faultsOf(new AxeBuilder({ page }))).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await faultsOf(new AxeBuilder({ page }).withRules('color-contrast'))).toEqual([]);
    await page.setViewportSize({ width: 375, height: 740 });
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBe(375);
    expect(faults).toEqual([]);
    await page.context().close();
  },
  240_000,
);

inBrowser(
  'buttons give the stream another try and send the letter again: one debate goes on, the other is cancelled',
  async () => {
    const { page } = await openSystem();
    const api = createApi(parley.url);
    expect((await api.debate(stuck)).status).toBe('parked');
    await page.getByRole('button', { name: /^Give it another try/ }).click();
    await page.getByText('No stream is set aside.').waitFor(patience);
    await api.until(stuck, ({ status }) => status === 'debating' || status === 'judging' || status === 'closed');
    expect((await api.json<ParkedPage>('/v1/parked')).body.parked).toEqual([]);

    await page.getByText('It cannot be sent again').waitFor();
    await page.getByRole('button', { name: /^Send it again/ }).click();
    await page.getByText(/^sent again /).waitFor(patience);
    await api.until(unwanted, ({ status }) => status === 'cancelled');
    const { entries } = (await api.json<{ entries: AuditEntry[] }>('/v1/audit')).body;
    expect(entries.map(({ action, subject }) => [action, subject]).slice(-2)).toEqual([
      ['stream.unpark', 'anonymous'],
      ['dead-letter.replay', 'anonymous'],
    ]);
    await page.context().close();
  },
  240_000,
);

inBrowser(
  'the list of debates is searched by the gateway: one that is on no page here is found',
  async () => {
    const api = createApi(parley.url);
    for (let n = 0; n < 55; n++) await api.start({ topic: `Filler ${n}`, maxRounds: 1, minRounds: 1 });
    const { page } = await openPage(browser, `${parley.url}/#/debates`);
    const topics = page.locator('.debates .topic');
    await until('the first page is there', async () => (await topics.count()) === 50);
    await page.getByLabel('Topic').fill('LIBRARY');
    await until('it is found', async () => (await topics.allTextContents()).join() === 'Should the library be quiet?');
    await page.getByRole('link', { name: 'running' }).click();
    await page.getByText('No debate is like that.').waitFor(patience);
    await page.getByLabel('Topic').fill('');
    await page.getByRole('link', { name: 'over' }).click();
    await until('the cancelled one is among them', async () => (await topics.count()) > 0);
    await page.context().close();
  },
  240_000,
);
