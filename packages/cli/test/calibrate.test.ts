import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { calibratedModels } from '@parley/moderator/domain/cosine-threshold.ts';
import { type CalibrateFlags, calibrateCommand } from '../src/calibrate/command.ts';
import { type ExaminedPair, examinationReport, spread } from '../src/calibrate/examine-pairs.ts';
import { readTurnPairs, turnPairsFile } from '../src/calibrate/turn-pairs.ts';
import { createTerminal } from '../src/command-line/terminal.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-calibrate-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Nothing listens there, so that only what is named is found. */
const nowhere = { OLLAMA_HOST: '127.0.0.1:1' };

async function corpus(...lines: readonly unknown[]): Promise<string> {
  const file = join(folder, 'pairs.jsonl');
  await writeFile(file, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return file;
}
const pair = { id: 'a', topic: 'tea', language: 'en', label: 'new', earlier: 'Tea calms.', later: 'Coffee wakes us.' };
const again = { ...pair, id: 'b', label: 'repetition', later: 'Tea calms.' };

async function run(flags: CalibrateFlags, env = {}): Promise<{ code: number; text: string; data: unknown }> {
  let text = '';
  let data: unknown;
  const print = (report: unknown, table: () => string): void => {
    text = table();
    data = report;
  };
  const terminal = createTerminal({ write() {} }, { write() {} }, {});
  const code = await calibrateCommand({ flags, env: { ...nowhere, ...env }, print, terminal });
  return { code, text, data };
}

test('for programs the report has what was measured', async () => {
  const file = await corpus(pair, again);
  const { code, data } = await run({ model: 'rehearsal:embed', corpus: file });
  expect(code).toBe(1);
  expect(data).toMatchObject({
    model: 'rehearsal:embed',
    pairs: 2,
    scripts: [{ script: 'latin', pairs: 2, cheapSteps: { precision: 1, recall: 1 } }],
    overall: { precision: 1, recall: 1 },
    rows: [
      { language: 'en', what: 'new', pairs: 1, cheapSteps: 0, withCosine: 0 },
      { language: 'en', what: 'repetition', pairs: 1, cheapSteps: 1, withCosine: 1 },
    ],
  });
});

test('every script has a threshold of its own', async () => {
  const { code, text } = await run({ model: 'rehearsal:embed' });
  expect(code).toBe(0);
  expect(text.split('\n').at(-1)).toBe('PARLEY_REDUNDANCY_COSINE=latin=0.6,cjk=0.25');
  const { latin, cjk } = calibratedModels.find(({ name }) => name.test('rehearsal:embed'))?.scripts ?? {};
  expect([latin?.cosine, cjk?.cosine]).toEqual([0.6, 0.25]);
});

test('a model that adds nothing is advised against', async () => {
  const { text } = await run({ model: 'rehearsal:embed', corpus: await corpus(pair, again) });
  expect(text.split('\n').at(-1)).toContain('PARLEY_EMBED_MODEL=none');
});

describe('a chat model', () => {
  test('that takes every turn at its word is of no use, and says so', async () => {
    const { code, text } = await run({ examine: true, model: 'rehearsal', pairs: 12 });
    expect(code).toBe(1);
    const lines = text.split('\n');
    expect(lines[0]).toBe('rehearsal: 12 of 12 turn pairs with an answer of the right shape');
    expect(lines[1]).toMatch(/claims +precision 1.000, recall 0.000 .*: not usable/);
  });

  test('is usable by the step that is right about what it calls stale, if it answers', () => {
    const examined = (label: 'new' | 'repetition', claims: boolean, opinion: boolean): ExaminedPair => ({
      ...{ ...pair, language: 'en' },
      label,
      stale: { claims, opinion },
    });
    const found = [
      examined('repetition', true, true),
      examined('repetition', false, true),
      examined('new', false, true),
    ];
    const report = examinationReport('m', found);
    expect(report.steps.claims).toMatchObject({ precision: 1, recall: 0.5, isUsable: true });
    expect(report.steps.opinion).toMatchObject({ precision: 2 / 3, recall: 1, isUsable: false });
    expect(report.precisionOfAlways).toBe(2 / 3);
    const { stale: _, ...silent } = found[0] as ExaminedPair;
    const halfSilent = examinationReport('m', [...found, silent, silent]);
    expect([halfSilent.answered, halfSilent.steps.claims.isUsable]).toEqual([3, false]);
  });

  test('is asked about pairs of every label and language, however few', async () => {
    const some = spread(await readTurnPairs(turnPairsFile), 30);
    expect(new Set(some.map(({ id }) => id)).size).toBe(30);
    expect(new Set(some.map(({ label }) => label)).size).toBe(5);
    expect(new Set(some.map(({ language }) => language)).size).toBe(2);
    expect(some.filter(({ label }) => label === 'paraphrase' || label === 'repetition').length).toBeGreaterThan(10);
  });
});

describe('what cannot be calibrated', () => {
  test('without a model says which setting names one', async () => {
    await expect(run({})).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/--model or PARLEY_EMBED_MODEL/),
    });
  });

  test.each([
    ['{', /pairs.jsonl:2 is no turn pair: line:/],
    [JSON.stringify({ ...pair, label: 'better' }), /pairs.jsonl:2 is no turn pair: label:/],
  ])('a line %s is named', async (line, message) => {
    const file = await corpus(pair, line);
    await expect(run({ model: 'rehearsal:embed', corpus: file })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(message),
    });
  });

  test('a file that is not there is named with the flag', async () => {
    await expect(run({ model: 'rehearsal:embed', corpus: join(folder, 'nope') })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/nope cannot be read.*--corpus/),
    });
  });

  test('a model that does not embed is refused with its own remedy', async () => {
    const file = await corpus(pair);
    await expect(run({ model: 'rehearsal', corpus: file })).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
  });
});
