// One gateway process with many readers, a storm of reconnects, and its overhead beside a bare route. DATABASE_URL,
// CLIENTS, STORM, SECONDS; prints one line of JSON. Every process of it is on this machine and has its clock.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '@parley/contracts';
import type { DebateSummary } from '@parley/contracts/debate';
import { factsOf } from '../services/gateway/test/fake-moderator.ts';
import { ask, type Child, filesLimit, startChild } from './gateway/child.ts';
import type { ClientsReport, ClientsTask } from './gateway/clients.ts';
import { openLoop, percentile } from './gateway/load.ts';
import { median } from './harness.ts';
import { cpuSeconds, rssMb } from './proc.ts';

const { DATABASE_URL = '', CLIENTS = '5000', STORM = '1000', SECONDS = '10' } = process.env;
const [clients, stormed, seconds] = [Number(CLIENTS), Number(STORM), Number(SECONDS)];
/** An event in so many milliseconds; real debates have one in seconds. */
const everyMs = 500;
const turns = 36;
const storms = 3;
const perSecond = 500;
const rounds = 3;
/** As much as a model says in a turn. */
const text = 'Tea keeps a room awake without making it loud. '.repeat(20);

const files = clients + 500;
if (filesLimit() < files) {
  throw new Error(
    `${clients} readers need ${files} open files a process, and ${filesLimit()} are allowed (ulimit -Hn).`,
  );
}
const server = await startChild<{ port: number; key: string }>('server.ts', files, { DATABASE_URL });
const readers = await startChild<object>('clients.ts', files, {});
const { port, key } = server.hello;
const headers = { authorization: `Bearer ${key}` };
const tell = <T>(task: ClientsTask) => ask<T>(readers, task);

/** When it was committed, in nanoseconds of the machine's clock. */
const publish = async (fact: Message) => (await ask<{ committedAt: string }>(server, [fact])).committedAt;
const pidOf = (child: Child<unknown>) => child.process.pid ?? 0;

async function startDebate(): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/debates`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ topic: 'Tea is better than coffee' }),
  });
  if (response.status !== 202) throw new Error(`POST answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as DebateSummary).id;
}

const factsFor = (debate: string) =>
  factsOf(debate, turns).map((fact) =>
    fact.type === 'turn-recorded.v1' ? { ...fact, data: { ...(fact.data as object), text } } : fact,
  );

function checked(report: ClientsReport, events: number): ClientsReport {
  if (report.faults.length > 0 || report.deliveries !== events * report.readers) {
    const { deliveries, readers: count, faults } = report;
    throw new Error(`${deliveries} deliveries of ${events} events to ${count}: ${faults.slice(0, 5).join('; ')}`);
  }
  return report;
}

/** Every event to every reader, once and in order. */
async function fanOut() {
  const debate = await startDebate();
  const facts = factsFor(debate);
  await tell({ type: 'open', count: clients, place: { port, debate, headers } });
  const committedAt: Record<string, string> = {};
  const before = cpuSeconds(pidOf(server));
  for (const [i, fact] of facts.entries()) {
    committedAt[i + 1] = await publish(fact);
    await wait(everyMs);
  }
  await tell({ type: 'until', seq: facts.length });
  const used = (cpuSeconds(pidOf(server)) - before) * 1e6;
  const memory = rssMb(pidOf(server));
  const { lateMs, deliveries } = checked(await tell({ type: 'report', committedAt }), facts.length);
  return {
    clients,
    events: facts.length,
    deliveries,
    lateMs,
    rssMb: memory,
    cpuMicroseconds: Math.round(used / deliveries),
  };
}

/** All are cut off and come back at once, three times, while events go on. */
async function storm() {
  const debate = await startDebate();
  const facts = factsFor(debate);
  await tell({ type: 'open', count: stormed, place: { port, debate, headers } });
  const caughtUpMs: number[] = [];
  const gap = Math.floor(facts.length / (storms + 1));
  for (const [i, fact] of facts.entries()) {
    const isStorm = (i + 1) % gap === 0 && caughtUpMs.length < storms;
    const began = performance.now();
    // One event is committed while they are away.
    const published = publish(fact);
    if (isStorm) await tell({ type: 'storm' });
    await published;
    if (!isStorm) continue;
    await tell({ type: 'until', seq: i + 1 });
    caughtUpMs.push(Math.round(performance.now() - began));
  }
  await tell({ type: 'until', seq: facts.length });
  const { deliveries } = checked(await tell({ type: 'report', committedAt: {} }), facts.length);
  return { clients: stormed, storms, events: facts.length, deliveries, caughtUpMs };
}

async function overhead() {
  const bare = await startChild<{ port: number }>('bare.ts', 1_024, { DATABASE_URL });
  const path = `/v1/debates/${await startDebate()}`;
  const peers = { bare: { child: bare, port: bare.hello.port }, gateway: { child: server, port } };
  const measured = { bare: [] as Measured[], gateway: [] as Measured[] };
  for (let round = 0; round <= rounds; round++) {
    for (const name of ['bare', 'gateway'] as const) {
      const { child, port: at } = peers[name];
      const load = { url: `http://127.0.0.1:${at}${path}`, headers, perSecond };
      const before = cpuSeconds(pidOf(child));
      // The first round is for the compilers.
      const took = await openLoop({ ...load, seconds: round === 0 ? 3 : seconds });
      if (round === 0) continue;
      const cpuMs = ((cpuSeconds(pidOf(child)) - before) * 1000) / took.length;
      measured[name].push({ p50: percentile(took, 0.5), p99: percentile(took, 0.99), cpuMs });
    }
  }
  stop(bare);
  return { perSecond, seconds, rounds, gateway: middleOf(measured.gateway), bare: middleOf(measured.bare) };
}

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly cpuMs: number;
}
const middleOf = (list: readonly Measured[]): Measured => {
  const middle = (of: (one: Measured) => number) => Number(median(list.map(of)).toFixed(2));
  return { p50: middle(({ p50 }) => p50), p99: middle(({ p99 }) => p99), cpuMs: middle(({ cpuMs }) => cpuMs) };
};

const stop = (child: Child<unknown>) => child.process.disconnect();
const loadAverage = () => Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);

const before = loadAverage();
const overheadMade = await overhead();
const fanOutMade = await fanOut();
const stormMade = await storm();
for (const child of [server, readers]) stop(child);
console.log(
  JSON.stringify({ overhead: overheadMade, fanOut: fanOutMade, storm: stormMade, load: [before, loadAverage()] }),
);
process.exit(0);
