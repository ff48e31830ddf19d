// A process with all services that meets every fault of the odd model server at the address in its first argument: one
// debate for each fault of a speaker and of a judge, on both wires, all at once. Prints what became of them and the most
// memory that it took, looked at every 20 ms. Limits are shorter than usual, so that nothing waits for minutes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createEmbedded } from '@parley/cli/running/embedded.ts';
import type { DebateView } from '@parley/contracts/debate';
import { discoverModel, type PolicyOptions } from '@parley/model';
import { silentLogger } from '@parley/runtime';
import { openEmbedded } from '@parley/spine';
import { oddHabits } from '@parley/testkit';
import { createApi } from './api.ts';

const policy: Partial<PolicyOptions> = {
  coldFirstTokenMs: 3_000,
  warmFirstTokenMs: 3_000,
  stallMs: 2_000,
  maxRetries: 1,
  retryBaseMs: 2,
  retryCapMs: 4,
  breakerFailures: 1_000_000,
  concurrency: { ollama: 1_000, openai: 1_000, rehearsal: 1_000 },
};
/** The speakers' turns end with the deadline; a judge that dribbles is not waited for. */
const deadlineSeconds = 40;
const longestMs = 70_000;
const sampleMs = 20;

const baseUrl = process.argv[2] ?? '';
const dataDir = mkdtempSync(join(tmpdir(), 'parley-model-faults-'));
const db = await openEmbedded({ dataDir });
const discovery = await discoverModel({
  env: { OLLAMA_HOST: baseUrl, OPENAI_BASE_URL: `${baseUrl}/v1`, OPENAI_API_KEY: 'sk-secret' },
  model: 'openai/plain',
  embedModel: 'none',
});
const where = { port: 0, host: '127.0.0.1' };
const parley = await createEmbedded({ db, discovery, logger: silentLogger, ...where, modelPolicy: policy });
const api = createApi(parley.url);
// The mark of the kernel would be that of the database's start, so what is taken now is looked at.
const calmMegabytes = megabytes();
let peakMegabytes = calmMegabytes;
const sampler = setInterval(() => {
  peakMegabytes = Math.max(peakMegabytes, megabytes());
}, sampleMs);
const endsAt = performance.now() + longestMs;

const names = [...oddHabits.keys()].flatMap((habit) => [`ollama/${habit}`, `openai/${habit}`]);
const start = (how: object) =>
  api.start({ topic: 'Should cities ban private cars?', maxRounds: 1, deadlineSeconds, ...how });
const speakers = await Promise.all(names.map((name) => start({ sides: { pro: { model: `${name}@speaker` } } })));
const judges = await Promise.all(names.map((name) => start({ judge: { model: `${name}@judge` } })));

const ofSpeakers = await over(speakers);
const ofJudges = await over(judges);
clearInterval(sampler);
const all = [...ofSpeakers, ...ofJudges];
const report: FaultReport = {
  debates: all.length,
  calmMegabytes,
  peakMegabytes,
  speakers: { closed: closed(ofSpeakers), turns: ofSpeakers.filter(({ turns }) => turns.length === 2).length },
  judges: { closed: closed(ofJudges), turns: ofJudges.filter(({ turns }) => turns.length === 2).length },
  leaks: all.filter((view) => /I doubt my side|<\|channel\|>|sk-secret/.test(JSON.stringify(view))).length,
};
console.log(JSON.stringify(report));
await parley.stop();
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);

export interface FaultReport {
  readonly debates: number;
  /** Before the first debate. */
  readonly calmMegabytes: number;
  readonly peakMegabytes: number;
  /** Debates with an odd speaker: how many are over, and how many have both their turns. */
  readonly speakers: { readonly closed: number; readonly turns: number };
  readonly judges: { readonly closed: number; readonly turns: number };
  /** Debates in which a thought, a channel's mark or the key can be read. */
  readonly leaks: number;
}

/** How the debates stand when all are over, or when it has taken too long. */
async function over(ids: readonly string[]): Promise<DebateView[]> {
  for (;;) {
    const views: DebateView[] = [];
    for (const id of ids) views.push(await api.debate(id));
    if (closed(views) === ids.length || performance.now() > endsAt) return views;
    await wait(500);
  }
}

function closed(views: readonly DebateView[]): number {
  return views.filter(({ closedAt }) => closedAt !== null).length;
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1_048_576);
}
