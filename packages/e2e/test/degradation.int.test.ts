import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { upEnv } from '@parley/cli/config.ts';
import { createTranscript } from '@parley/cli/debate/transcript.ts';
import { createEmbedded } from '@parley/cli/running/embedded.ts';
import type { Fact } from '@parley/contracts';
import type { DebateView } from '@parley/contracts/debate';
import { discoverModel } from '@parley/model';
import { readEnv, silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { createApi } from '../src/api.ts';

/** A Prometheus that says this of the ratio of debates without a verdict. */
async function prometheusOf(ratio: string) {
  const metric = { sloth_id: 'debate-completion', sloth_window: '30d' };
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ data: { result: [{ metric, value: [1_700_000_000, ratio] }] } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

test('While a budget burns a debate ends earlier, and its log, its view and its transcript say why.', async () => {
  const { url: prometheusUrl, server } = await prometheusOf('0.02');
  const db = await openEmbedded({});
  const discovery = await discoverModel({ env: {}, model: 'rehearsal' });
  const degradation = [{ slo: 'debate-completion', budgetBelow: 0, maxRounds: 2, panel: 1 }];
  const env = readEnv(upEnv, {
    PARLEY_PROMETHEUS_URL: prometheusUrl,
    PARLEY_DEGRADATION: JSON.stringify(degradation),
  });
  const parley = await createEmbedded({ db, discovery, logger: silentLogger, port: 0, host: '127.0.0.1', env });
  try {
    const api = createApi(parley.url);
    const body = { topic: 'Tea', maxRounds: 5, stopWhenRedundant: false, judge: { panel: 3 } } as const;
    const { body: answer } = await api.post<{ id: string; notice: string }>('/v1/debates', body);
    expect(answer.notice).toContain('You asked for at most 5 rounds and 3 judges');
    const view: DebateView = await api.untilClosed(answer.id, 120_000);
    const degraded = {
      slo: 'debate-completion',
      budgetLeft: -1,
      from: { maxRounds: 5, panel: 3 },
      to: { maxRounds: 2, panel: 1 },
    };
    expect(view).toMatchObject({ maxRounds: 2, stopReason: 'max_rounds', degraded });
    expect([view.turns.length, view.votes.length]).toEqual([4, 2]);

    const events = await (await fetch(`${parley.url}/v1/debates/${answer.id}/events`)).text();
    const started = events.split('\n').find((line) => line.startsWith('data: ') && line.includes('"next"'));
    const { data } = JSON.parse(started?.slice('data: '.length) ?? '{}') as Fact<'debate-started.v1'>;
    expect(data.degraded).toEqual(degraded);
    let printed = '';
    const transcript = createTranscript({
      write: (text) => (printed += text),
      isLive: false,
      paint: (_, text) => text,
    });
    transcript.fact({ type: 'debate-started.v1', data });
    expect(printed).toContain(
      '(at most 2 rounds instead of 5, 1 judge instead of 3: the error budget of debate-completion runs out)',
    );
    const metrics = await (await fetch(`${parley.url}/metrics`)).text();
    expect(metrics).toContain('parley_debates_degraded_total{slo="debate-completion",measure="maxRounds"} 1\n');
    expect(metrics).toContain('parley_debates_degraded_total{slo="debate-completion",measure="panel"} 1\n');
  } finally {
    await parley.stop();
    server.closeAllConnections();
    server.close();
  }
}, 240_000);
