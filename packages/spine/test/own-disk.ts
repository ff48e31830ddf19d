import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';

export interface OwnDisk {
  readonly folder: string;
  /** Takes all room but so many bytes. */
  fill(leaving: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Only while no file on it is open. */
  makeReadOnly(): void;
  remove(): void;
}

/** A small disk of its own, which needs root on Linux. */
export function makeDisk(megabytes: number, options = ''): OwnDisk {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m${options}`, 'parley-test', folder], {
    stdio: 'ignore',
  });
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill(leaving) {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leaving)));
    },
    free: () => rmSync(ballast, { force: true }),
    makeReadOnly: () => execFileSync('mount', ['-o', 'remount,ro', folder]),
    remove() {
      // "Lazy" lets go of what a server still holds open.
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

function mayMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'parley-mount-'));
  const isMade = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'parley-test', at]).status === 0;
  if (isMade) spawnSync('umount', [at]);
  rmSync(at, { recursive: true, force: true });
  return isMade;
}

/** Decided before the tests run, so that a skipped one shows as skipped. Root in CI must be able to. */
export const onOwnDisk = isRoot && (process.env.CI === 'true' || mayMount()) ? test : test.skip;
