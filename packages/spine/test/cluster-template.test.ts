import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { copyTemplate, makeCluster, makeTemplate, packCluster, templateDir } from '../src/database/cluster-template.ts';

let folder = '';
let from = '';
let to = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-template-'));
  from = join(folder, 'template');
  to = join(folder, 'pg');
  mkdirSync(join(from, 'base'), { recursive: true });
  writeFileSync(join(from, 'PG_VERSION'), '18\n');
  writeFileSync(join(from, 'base', '1'), 'rows');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the whole template is copied, and nothing else is left', () => {
  copyTemplate(from, to);
  expect(readFileSync(join(to, 'base', '1'), 'utf8')).toBe('rows');
  expect(existsSync(`${to}.new`)).toBe(false);
});

test('a copy that a crash left half done is thrown away and made anew', () => {
  mkdirSync(`${to}.new`);
  writeFileSync(join(`${to}.new`, 'PG_VERSION'), '18\n');
  writeFileSync(join(`${to}.new`, 'half'), '');
  copyTemplate(from, to);
  expect(existsSync(join(to, 'half'))).toBe(false);
  expect(existsSync(join(to, 'base', '1'))).toBe(true);
});

test('the cluster of whoever was faster is kept', () => {
  mkdirSync(to);
  writeFileSync(join(to, 'PG_VERSION'), '18\n');
  writeFileSync(join(to, 'theirs'), '');
  copyTemplate(from, to);
  expect(existsSync(join(to, 'theirs'))).toBe(true);
  expect(existsSync(`${to}.new`)).toBe(false);
});

test('something else in the place of the cluster is named, not overwritten', () => {
  mkdirSync(to);
  writeFileSync(join(to, 'diary.txt'), 'mine');
  expect(() => copyTemplate(from, to)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }));
  expect(readFileSync(join(to, 'diary.txt'), 'utf8')).toBe('mine');
});

test('a cluster that came in a package is whole, though npm leaves empty folders out', () => {
  mkdirSync(join(from, 'pg_wal', 'summaries'), { recursive: true });
  const packed = join(folder, 'packed');
  packCluster(packed, from);
  rmSync(join(packed, 'cluster', 'pg_wal'), { recursive: true });

  makeCluster(to, join(folder, 'nowhere'), packed);
  expect(readFileSync(join(to, 'base', '1'), 'utf8')).toBe('rows');
  expect(existsSync(join(to, 'pg_wal', 'summaries'))).toBe(true);
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});

test('a template that is there is not made again, and its name tells the version of PGlite', () => {
  makeTemplate(from);
  expect(readFileSync(join(from, 'base', '1'), 'utf8')).toBe('rows');
  expect(templateDir()).toMatch(/cluster-\d+\.\d+\.\d+$/);
});

test('a cluster is a copy of the template, and where none can be kept, a new one', () => {
  makeCluster(to, from);
  expect(readFileSync(join(to, 'base', '1'), 'utf8')).toBe('rows');

  // Not even root makes a folder below a file.
  const nowhere = join(from, 'PG_VERSION', 'template');
  const another = join(folder, 'another');
  makeCluster(another, nowhere);
  expect(existsSync(join(another, 'PG_VERSION'))).toBe(true);
}, 240_000);
