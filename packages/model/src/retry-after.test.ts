import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-30T07:00:00Z');
const read = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '7' }, 7_000],
  ['parts of a second', { 'retry-after': '0.5' }, 500],
  ['a date', { 'retry-after': 'Mon, 30 Nov 2026 07:00:30 GMT' }, 30_000],
  ['a date that has passed', { 'retry-after': 'Mon, 30 Nov 2026 06:00:00 GMT' }, 0],
  ['milliseconds before seconds', { 'retry-after-ms': '250', 'retry-after': '1' }, 250],
  ['a year, as a day', { 'retry-after': '31536000' }, 86_400_000],
  ['a date in the next century, as a day', { 'retry-after': 'Mon, 30 Nov 2126 07:00:30 GMT' }, 86_400_000],
  ['the limit that is used up', { 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
  ['an instant in seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1_000 + 9) }, 9_000],
  ['an instant in milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now + 9) }, 9],
  ['a limit that is not used up', { 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '60' }, undefined],
  ['words', { 'retry-after': 'soon' }, undefined],
  ['a negative number', { 'retry-after': '-3' }, 0],
  ['nothing', {}, undefined],
])('%s', (_, headers, ms) => {
  expect(read(headers)).toBe(ms);
});
