import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { defaultTopic, startDebateBody } from '@parley/contracts/debate';
import { debateBody } from './body.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-flags-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
function file(name: string, text: string): string {
  writeFileSync(join(home, name), text);
  return join(home, name);
}

test('without flags it is the default topic and nothing else', () => {
  expect(debateBody({})).toEqual({ topic: defaultTopic });
});

test('flags choose persona, model and evidence of each side', () => {
  const body = debateBody({
    topic: 'Cars',
    rounds: 3,
    personaPro: 'A mayor.',
    modelCon: 'rehearsal:concede',
    evidencePro: [file('census.txt', '\ufeffForty thousand cars.\r\n'), 'https://example.org/noise'],
  });
  expect(body).toEqual({
    topic: 'Cars',
    maxRounds: 3,
    sides: {
      pro: {
        persona: 'A mayor.',
        evidence: [{ title: 'census.txt', text: 'Forty thousand cars.' }, { url: 'https://example.org/noise' }],
      },
      con: { model: 'rehearsal:concede' },
    },
  });
  expect(startDebateBody.safeParse(body).success).toBe(true);
});

test.each([
  [() => join(home, 'none.txt'), /none\.txt cannot be read/],
  [() => file('long.txt', 'x'.repeat(4_001)), /has 4001 characters, at most 4000/],
  [() => file('empty.txt', ' \n'), /has no text/],
])('a file that cannot be evidence is named, with the remedy: %#', (source, fault) => {
  expect(() => debateBody({ evidenceCon: [source()] })).toThrow(fault);
});
