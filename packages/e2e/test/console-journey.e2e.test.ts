import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until, whyMissing } from '@parley/testkit';
import type { Browser } from 'playwright-core';
import { createApi } from '../src/api.ts';
import { openBrowser, openPage, patience, tabTo } from '../src/browser.ts';
import { type ParleyProcess, startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-console-'));
const opening = openBrowser();
const missing = await whyMissing('chromium', opening);
const inBrowser = missing === undefined ? test : test.skip;
/** Turns long enough to be seen live; a lease short enough that a killed one is soon asked for again. */
const env = {
  PARLEY_REHEARSAL_LATENCY_MS: '400',
  PARLEY_LEASE_MS: '3000',
  PARLEY_TRACE_URL: 'http://127.0.0.1:9/trace/{traceId}',
};
let browser: Browser;
let parley: ParleyProcess;

beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await opening;
  parley = await startParley({ dataDir: join(home, 'data'), env });
}, 240_000);
afterAll(async () => {
  await browser?.close();
  parley?.kill('SIGTERM');
  await parley?.exited;
  rmSync(home, { recursive: true, force: true });
});

inBrowser(
  'a debate is started, watched, judged, read by another threshold and found again',
  async () => {
    const { page, requests, faults } = await openPage(browser, parley.url);
    await page.getByRole('heading', { name: 'Nobody has debated yet' }).waitFor();
    await page.getByRole('link', { name: 'Start the first debate' }).click();

    // What the gateway finds wrong stands at its field, which gets the focus.
    await page.getByLabel('Rounds, at most').fill('99');
    await page.getByRole('button', { name: 'Start the debate' }).click();
    const topic = page.getByLabel('Topic', { exact: true });
    await page.locator('#field-topic-about .field-fault').waitFor();
    expect(await topic.getAttribute('aria-invalid')).toBe('true');
    await topic.and(page.locator(':focus')).waitFor();
    expect(await page.locator('#field-maxRounds-about').textContent()).toMatch(/32/);

    // A topic that is markup is words all the same, also where the model repeats it.
    const markup = '<img src=x onerror=document.title=1> "against"';
    await topic.fill(markup);
    await page.getByLabel('Rounds, at most').fill('4');
    await page.getByLabel('Persona').first().fill('A mayor.');
    await page.getByText('Start it with curl').click();
    expect(await page.locator('.curl code').first().textContent()).toContain('A mayor.');
    await page.getByRole('button', { name: 'Start the debate' }).click();

    await page.locator('.turn.is-live .words').first().waitFor();
    await page.getByRole('heading', { level: 2, name: /Contested|wins/ }).waitFor();
    await page.locator('.status-closed').waitFor();
    expect(await page.locator('.stop').textContent()).toBe(
      'The debate stopped after 4 rounds. All its rounds were used.',
    );
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(markup);
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.locator('.rehearsal').textContent()).toContain('not an AI');

    const id = /debates\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
    const view = await createApi(parley.url).debate(id);
    const words = await page.locator('.turn .words').allTextContents();
    expect(words).toEqual(view.turns.map(({ text }) => text.replaceAll(/\n{2,}/g, '')));
    expect(words.join()).toContain(markup);
    expect(await page.locator('.votes li').count()).toBe(view.votes.length);
    const traces = await page.locator('.turn a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(traces).toHaveLength(8);
    for (const trace of traces) expect(trace).toMatch(/^http:\/\/127\.0\.0\.1:9\/trace\/[0-9a-f]{32}$/);

    // The slider says at once where it would have stopped; the moderator's own replay agrees.
    const slider = page.getByRole('slider');
    await slider.fill('0.02');
    expect(await page.locator('.would').textContent()).toContain('It would have stopped at round 3 instead of 4.');
    await page.getByRole('button', { name: 'Judge it again like this' }).click();
    await page.locator('.compare').waitFor();
    const rows = await page.locator('.compare tbody td').allTextContents();
    expect(rows.slice(0, 4)).toEqual(['4', '3', 'max_rounds', 'redundant']);

    await page.getByRole('link', { name: 'Debates' }).click();
    await page.getByRole('link', { name: 'over', exact: true }).click();
    await page.locator('.debates .topic').first().waitFor();
    expect(await page.locator('.debates .topic').allTextContents()).toEqual([markup]);
    await page.getByRole('link', { name: 'paused', exact: true }).click();
    await page.getByText('No debate is like that.').waitFor();

    const hosts = new Set(requests.map((address) => new URL(address).origin));
    expect([...hosts]).toEqual([parley.url]);
    expect(faults).toEqual([]);
    await page.context().close();
  },
  480_000,
);

inBrowser(
  'a debate is paused, spoken to, resumed, cancelled and run again',
  async () => {
    const api = createApi(parley.url);
    const id = await api.start({
      topic: 'Should schools start later?',
      maxRounds: 32,
      stopWhenRedundant: false,
      sides: { con: { persona: 'A bus driver.' } },
    });
    const { page, faults } = await openPage(browser, `${parley.url}/#/debates/${id}`);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.status-paused').waitFor();
    await page.getByText('Add a note to both sides').click();
    const note = page.getByLabel('Note of the moderator');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.locator('#field-text-about .field-fault').waitFor();
    await note.fill('What does it cost?');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.locator('.aside-note', { hasText: 'What does it cost?' }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('.status-debating').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.status-cancelled').waitFor();
    expect(await page.locator('.stop').textContent()).toContain('It was cancelled.');
    await page.getByRole('link', { name: 'Run again' }).click();
    await page.getByLabel('Topic', { exact: true }).waitFor();
    expect(await page.getByLabel('Topic', { exact: true }).inputValue()).toBe('Should schools start later?');
    expect(await page.getByLabel('Persona').nth(1).inputValue()).toBe('A bus driver.');
    expect(faults).toEqual([]);
    await page.context().close();
  },
  400_000,
);

inBrowser(
  'a page that is open goes on after kill -9 and a new start, and shows every turn once',
  async () => {
    const dataDir = join(home, 'killed');
    const first = await startParley({ dataDir, env });
    const port = Number(new URL(first.url).port);
    const id = await createApi(first.url).start({ topic: 'Should the town have a tram?', maxRounds: 4 });
    const { page, faults } = await openPage(browser, `${first.url}/#/debates/${id}`);
    const rail = page.getByRole('navigation', { name: 'Rounds' });
    await rail.getByRole('button', { name: /Round 1: .*B / }).waitFor();
    first.kill('SIGKILL');
    await first.exited;
    await page.locator('.connection-lost').waitFor();
    const second = await startParley({ dataDir, env, port });
    await page.getByRole('heading', { level: 2, name: /Contested|wins/ }).waitFor(patience);
    const view = await createApi(second.url).untilClosed(id);
    await page.locator('.status-closed').waitFor();
    expect(view.turns).toHaveLength(8);
    expect(await page.locator('.turn .words').allTextContents()).toEqual(view.turns.map(({ text }) => text));
    // A turn that was taken twice would be named twice.
    const named = await rail.getByRole('button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    expect(named).toHaveLength(4);
    for (const name of named) expect(name).toMatch(/^Round \d: A \d+ % new, B \d+ % new$/);
    expect(faults.filter((fault) => !fault.includes('ERR_'))).toEqual([]);
    await page.context().close();
    second.kill('SIGTERM');
    await second.exited;
  },
  480_000,
);

inBrowser(
  'everything can be done with the keyboard alone',
  async () => {
    const { page } = await openPage(browser, parley.url);
    await tabTo(page, page.getByRole('link', { name: 'New debate' }));
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).not.toBe('none');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What shall they debate?' }).waitFor();
    await tabTo(page, page.getByLabel('Topic', { exact: true }));
    await page.keyboard.type('Is the keyboard enough?');
    await tabTo(page, page.getByLabel('Rounds, at most'));
    await page.keyboard.type('3');
    await tabTo(page, page.getByRole('button', { name: 'Start the debate' }));
    await page.keyboard.press('Enter');
    await page.locator('.status-closed').waitFor();
    await tabTo(page, page.getByRole('slider'));
    await page.keyboard.press('Home');
    await until('the slider is at its start', async () => (await page.locator('output').textContent()) === '2 %');
    await tabTo(page, page.getByRole('button', { name: 'Judge it again like this' }));
    await page.keyboard.press('Enter');
    await page.locator('.compare').waitFor();
    await page.context().close();
  },
  400_000,
);
