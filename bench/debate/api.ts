// What the bench asks of a running Parley, over its public routes.
import { setTimeout as wait } from 'node:timers/promises';
import { readEvents } from '@parley/cli/event-source.ts';
import { startDebate } from '@parley/cli/follow.ts';
import type { Fact, ReplayRules, ReplayView, StartDebateBody } from '@parley/contracts';

const pollMs = 100;

/** Has a debate, and resolves to its facts when it is closed. Rejects when `signal` is aborted. */
export async function runDebate(url: string, body: StartDebateBody, signal: AbortSignal) {
  const { id } = await startDebate(url, body);
  const facts: Fact[] = [];
  for await (const { event, data } of readEvents(`${url}/v1/debates/${id}/events?after=0`, signal)) {
    if (event !== 'delta') facts.push(JSON.parse(data) as Fact);
  }
  if (facts.at(-1)?.type !== 'debate-closed.v1') throw new Error(`The events of debate ${id} ended before it did.`);
  return { id, facts };
}

/** Reads a finished debate by other rules and has it judged again. Rejects when `signal` is aborted. */
export async function runReplay(
  url: string,
  debate: string,
  rules: ReplayRules,
  signal: AbortSignal,
): Promise<NonNullable<ReplayView['result']>> {
  const replays = `${url}/v1/debates/${debate}/replays`;
  const headers = { 'content-type': 'application/json' };
  const asked = await fetch(replays, { method: 'POST', headers, body: JSON.stringify(rules), signal });
  if (asked.status !== 202) throw new Error(`POST ${replays} answered ${asked.status}: ${await asked.text()}`);
  const { id } = (await asked.json()) as { id: string };
  for (;;) {
    const view = (await (await fetch(`${replays}/${id}`, { signal })).json()) as ReplayView;
    if (view.result !== null) return view.result;
    if (view.status === 'failed' || view.status === 'parked') {
      throw new Error(`Replay ${id} of debate ${debate} ${view.status}: ${view.reason ?? 'see GET /v1/parked'}`);
    }
    await wait(pollMs, undefined, { signal });
  }
}

/** The sum of a counter over its labels, or over those lines that contain `label`. */
export async function counter(url: string, name: string, label = ''): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return lines
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
