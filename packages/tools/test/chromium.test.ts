import { afterEach, expect, test } from '@jest/globals';
import { findChromium } from '../src/chromium.ts';

const { PATH, CHROMIUM_PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH ?? '';
  if (CHROMIUM_PATH === undefined) delete process.env.CHROMIUM_PATH;
  else process.env.CHROMIUM_PATH = CHROMIUM_PATH;
});

test('a program that is named and is no browser is refused by its name', async () => {
  process.env.CHROMIUM_PATH = process.execPath;
  await expect(findChromium()).rejects.toMatchObject({
    code: 'BROWSER_UNAVAILABLE',
    message: expect.stringContaining(`"${process.execPath}" is no Chromium that runs (CHROMIUM_PATH)`),
  });
});

test('where there is none, and none may be installed, the remedy is said', async () => {
  process.env.CHROMIUM_PATH = '';
  process.env.PATH = '';
  await expect(findChromium()).rejects.toMatchObject({
    code: 'BROWSER_UNAVAILABLE',
    message: 'No Chromium found: none is on PATH. Install one, or name its program in CHROMIUM_PATH.',
  });
});
