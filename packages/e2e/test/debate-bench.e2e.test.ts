import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Report } from '../../../bench/debate/report.ts';

const main = fileURLToPath(new URL('../../../bench/debate.ts', import.meta.url));

function bench(...flags: string[]) {
  const env = { PATH: process.env.PATH ?? '', PARLEY_EMBED_MODEL: 'rehearsal:embed' };
  const args = ['--disable-warning=ExperimentalWarning', main, '--model', 'rehearsal', ...flags];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 50_000 });
  return { status, stdout, stderr };
}

test('a run accounts for every turn and every replay, and names its models', () => {
  const { status, stdout, stderr } = bench('--debates', '2', '--rounds', '4', '--judgements', '2', '-o', 'json');
  expect([status, stderr]).toEqual([0, expect.stringContaining('2/2')]);
  const { model, embedModel, isPartial, debates, turns, stops, judging } = JSON.parse(stdout) as Report;
  expect({ model, embedModel, isPartial, debates }).toEqual({
    model: 'rehearsal',
    embedModel: 'rehearsal:embed',
    isPartial: false,
    debates: { asked: 2, finished: 2, failed: 0 },
  });
  const planted = Object.values(turns.planted).reduce((sum, one) => sum + one.planted, 0);
  expect([turns.recorded, planted + turns.others.en.turns + turns.others.zh.turns]).toEqual([16, 16]);
  expect(turns.planted.verbatim.planted).toBeGreaterThan(0);
  expect(turns.planted.verbatim.caught).toBe(turns.planted.verbatim.planted);
  expect(stops.dry.debates).toBe(1);
  expect(judging).toMatchObject({ replays: 4, withoutVerdict: 0, compared: 2, equal: 2 });
});

test('a flag that cannot be used is named, with what can', () => {
  const { status, stderr } = bench('--rounds', '99');
  expect([status, stderr]).toEqual([2, expect.stringContaining('--rounds 99: give a whole number from 2 to 32.')]);
});

test('when the time is up it ends with what there is, and says so', () => {
  const { status, stdout } = bench('--debates', '500', '--judgements', '1', '--minutes', '0.1');
  expect([status, stdout]).toEqual([0, expect.stringContaining('**Partial**')]);
});
