// npm run screenshots: writes docs/screenshots/*.png of the console, over a debate of the rehearsal model.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi } from './api.ts';
import { openBrowser, openPage } from './browser.ts';
import { startParley } from './parley-process.ts';

const folder = fileURLToPath(new URL('../../../docs/screenshots/', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'parley-screenshots-'));
const laptop = { width: 1280, height: 860 } as const;
const desk = { width: 1280, height: 1120 } as const;
const phone = { width: 375, height: 760 } as const;
/** Pictures of a README are looked at on slow lines, too. */
const mostBytes = 200_000;

const parley = await startParley({ dataDir: join(home, 'data'), env: { PARLEY_REHEARSAL_LATENCY_MS: '900' } });
const browser = await openBrowser();
const sides = {
  pro: { persona: 'A mayor of a dense old town.' },
  con: { persona: 'A shopkeeper on the high street.' },
};

interface Shot {
  readonly name: string;
  readonly hash: string;
  /** What must be there before the picture is taken. */
  readonly sign: string;
  /** What is to stand at the top of it; the page's own top without. */
  readonly at?: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
}

async function take({ name, hash, sign, at, ...look }: Shot): Promise<void> {
  const { page } = await openPage(browser, `${parley.url}/${hash}`, { ...look, reducedMotion: 'reduce' });
  await page.locator(sign).first().waitFor();
  await page.evaluate('document.fonts.ready');
  if (at !== undefined) {
    await page
      .locator(at)
      .first()
      .evaluate((element) => element.scrollIntoView({ block: 'start' }));
  }
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes, more than ${mostBytes}.`);
  console.log(`${name}.png  ${Math.round(size / 1000)} kB`);
  await page.context().close();
}

try {
  const api = createApi(parley.url);
  const id = await api.start({ topic: 'Should cities ban private cars from their centres?', maxRounds: 4, sides });
  const hash = `#/debates/${id}`;
  const rounds = '.round:nth-child(2) .turn.is-live';
  await take({ name: 'live', hash, sign: rounds, colorScheme: 'light', viewport: desk });
  await api.untilClosed(id, 60_000);
  await take({ name: 'verdict', hash, sign: '.replay canvas', at: '.ending', colorScheme: 'dark', viewport: laptop });
  await take({ name: 'phone', hash, sign: '.replay canvas', colorScheme: 'light', viewport: phone });
  await take({ name: 'objectives', hash: '#/objectives', sign: '.objective', colorScheme: 'light', viewport: laptop });
} finally {
  await browser.close();
  parley.kill('SIGTERM');
  await parley.exited;
  rmSync(home, { recursive: true, force: true });
}
