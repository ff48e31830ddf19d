import { existsSync } from 'node:fs';
import { ParleyError } from '@parley/contracts';
import { runCommand } from './command.ts';
import { aptInstall, canAptInstall, onPath } from './installed-programs.ts';
import type { Say } from './progress.ts';

export interface ChromiumInfo {
  readonly path: string;
  /** Such as "Chromium 156.0.8078.79". */
  readonly version: string;
  readonly source: 'CHROMIUM_PATH' | 'installed' | 'apt';
}

export interface ChromiumOptions {
  /** Whether the system's package manager may be asked, where this process may ask it. */
  readonly isInstalling?: boolean;
  readonly say?: Say;
}

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A browser for tests: what CHROMIUM_PATH names, else the first on PATH, else, as root where apt-get is, Debian's.
 * @throws ParleyError BROWSER_UNAVAILABLE: none is to be had, and what to do.
 */
export async function findChromium({
  isInstalling = false,
  say = () => {},
}: ChromiumOptions = {}): Promise<ChromiumInfo> {
  const named = process.env.CHROMIUM_PATH;
  if (named) return inspect(named, 'CHROMIUM_PATH');
  const [present] = names.flatMap(onPath);
  if (present !== undefined) return inspect(present, 'installed');
  if (isInstalling && canAptInstall()) {
    say('Installing chromium-headless-shell (apt-get) …');
    const [installed] = await install();
    if (installed !== undefined) return inspect(installed, 'apt');
  }
  throw unavailable('No Chromium found: none is on PATH. Install one, or name its program in CHROMIUM_PATH.');
}

async function install(): Promise<string[]> {
  const { code, output } = await aptInstall([names[0] ?? '', 'fonts-liberation']);
  if (code !== 0) throw unavailable(`apt-get cannot install Chromium: ${output.trim().slice(-500)}`);
  return names.flatMap(onPath);
}

async function inspect(path: string, source: ChromiumInfo['source']): Promise<ChromiumInfo> {
  const { code, output } = await runCommand(path, ['--version', '--no-sandbox']);
  const version = /\b(Chromium|Google Chrome)[^\n]*?\d[\d.]+/.exec(output)?.[0];
  if (existsSync(path) && code === 0 && version !== undefined) return { path, version, source };
  throw unavailable(`"${path}" is no Chromium that runs (${source}): ${output.trim().slice(-300)}`);
}

function unavailable(why: string): ParleyError {
  return new ParleyError('BROWSER_UNAVAILABLE', why);
}
