import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEmbedded, type Embedded } from '@parley/cli/running/embedded.ts';
import type { UsageView } from '@parley/contracts/http';
import { discoverModel } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';

let parley: Embedded;
let api: ReturnType<typeof createApi>;
beforeAll(async () => {
  const db = await openEmbedded({});
  const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
  parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1' });
  api = createApi(parley.url);
});
afterAll(() => parley.stop());

test('A side cites its evidence in every turn, the other side has none of it.', async () => {
  const evidence = [
    { title: 'Census', text: 'Forty thousand cars stood still all day in the year of the count.' },
    { id: 'Noise', text: 'Noise above 65 decibels shortens sleep by half an hour.' },
  ];
  const sides = { pro: { evidence }, con: {} };
  const id = await api.start({ topic: 'Cities should ban private cars', maxRounds: 2, sides });
  const { turns } = await api.untilClosed(id);
  expect(turns.map(({ side, citations }) => [side, citations])).toEqual([
    ['pro', [{ id: 'E1', isKnown: true, quoteFound: true }]],
    ['con', undefined],
    ['pro', [{ id: 'Noise', isKnown: true, quoteFound: true }]],
    ['con', undefined],
  ]);
}, 60_000);

test('A debater that declares its concession ends the debate.', async () => {
  const sides = { con: { model: 'rehearsal:concede' } };
  const id = await api.start({ topic: '城市是否应当禁止私家车', maxRounds: 8, sides });
  expect(await api.untilClosed(id)).toMatchObject({ stopReason: 'conceded', status: 'closed' });
}, 60_000);

test('What debates have used is what the day has used.', async () => {
  const { body } = await api.json<{ debates: { id: string }[] }>('/v1/debates');
  const views = await Promise.all(body.debates.map(({ id }) => api.debate(id)));
  const sum = (of: 'inputTokens' | 'outputTokens') => views.reduce((all, view) => all + view.usage[of], 0);
  const usage = (await api.json<UsageView>('/v1/usage?groupBy=agent')).body;
  expect(usage.groups.map(({ key }) => key)).toEqual(['debater-a', 'debater-b', 'moderator']);
  expect([usage.total.inputTokens, usage.total.outputTokens]).toEqual([sum('inputTokens'), sum('outputTokens')]);
  expect(usage.total.outputTokens).toBeGreaterThan(0);
  expect(usage.total.cost?.amount).toBe(0);
});
