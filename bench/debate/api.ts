// What the bench asks of a running Parley, over its public routes.
import type { Fact } from '@parley/contracts';
import type { ReplayRules, ReplayView, StartDebateBody } from '@parley/contracts/debate';
import { createParley } from '@parley/sdk';

/** Has a debate, and resolves to its facts when it is closed. Rejects when `signal` is aborted. */
export async function runDebate(url: string, body: StartDebateBody, signal: AbortSignal) {
  const { debates } = createParley({ url });
  const { id } = await debates.start(body, { signal });
  const facts: Fact[] = [];
  for await (const event of debates.follow(id, { signal })) if (event.type !== 'delta') facts.push(event);
  return { id, facts };
}

/** Reads a finished debate by other rules and has it judged again. Rejects when `signal` is aborted. */
export async function runReplay(
  url: string,
  debate: string,
  rules: ReplayRules,
  signal: AbortSignal,
): Promise<NonNullable<ReplayView['result']>> {
  const { replays } = createParley({ url });
  const { id } = await replays.start(debate, rules, { signal });
  const { status, result, reason } = await replays.finished(debate, id, { signal });
  if (result !== null) return result;
  throw new Error(`Replay ${id} of debate ${debate} ${status}: ${reason ?? 'see GET /v1/parked'}`);
}

/** The sum of a counter over its labels, or over those lines that contain `label`. */
export async function counter(url: string, name: string, label = ''): Promise<number> {
  const lines = (await (await fetch(`${url}/metrics`)).text()).split('\n');
  return lines
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
