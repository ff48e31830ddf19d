import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cacheDir } from '../src/index.ts';

test('the cache folder is the one named, else in the cache home, else in the home folder; empty counts as unset', () => {
  expect(cacheDir({ PARLEY_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheDir({ PARLEY_CACHE_DIR: '', XDG_CACHE_HOME: '/b' })).toBe(join('/b', 'parley'));
  expect(cacheDir({ XDG_CACHE_HOME: '' })).toBe(join(homedir(), '.cache', 'parley'));
});
