import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { createApi } from '../src/api.ts';
import { startParley } from '../src/parley-process.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-judge-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('a judge that writes garbage leaves the verdict unavailable, and the debate closes all the same', async () => {
  const parley = await startParley({ dataDir: join(home, 'garbage'), env: { PARLEY_MODEL: 'rehearsal:garbage' } });
  const api = createApi(parley.url);
  const model = 'rehearsal';
  const id = await api.start({ topic: 'Who judges?', maxRounds: 1, sides: { pro: { model }, con: { model } } });
  const view = await api.untilClosed(id);
  parley.kill('SIGTERM');
  expect((await parley.exited).code).toBe(0);
  expect(view).toMatchObject({ status: 'closed', stopReason: 'max_rounds', verdict: { outcome: 'unavailable' } });
}, 60_000);

const ollama = process.env.PARLEY_TEST_OLLAMA_HOST;
(ollama === undefined ? test.skip : test)(
  'a debate on a real model through Ollama comes to its end',
  async () => {
    const env = { PARLEY_MODEL: process.env.PARLEY_TEST_MODEL ?? '', OLLAMA_HOST: ollama ?? '' };
    const parley = await startParley({ dataDir: join(home, 'ollama'), env });
    const api = createApi(parley.url);
    const id = await api.start({ topic: 'Should cities ban private cars?', maxRounds: 1 });
    const view = await api.untilClosed(id, 280_000);
    parley.kill('SIGTERM');
    await parley.exited;
    // A small model may break its turn; what may not happen is a debate without an end or a reason.
    expect(view.stopReason).not.toBeNull();
    expect(view.turns.every((turn) => !turn.isRehearsal && turn.usage.outputTokens > 0)).toBe(true);
    if (view.status === 'closed') expect(view.turns).toHaveLength(2);
  },
  300_000,
);
