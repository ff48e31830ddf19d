import type { ReplayRules } from '@parley/contracts';
import type { Env } from '@parley/runtime';
import { openClient, withRemedy } from './client.ts';
import { replayTable } from './replay-table.ts';

export interface ReplayFlags {
  readonly judge?: string;
  readonly panel?: number;
  readonly containment?: number;
  readonly jaccard?: number;
  readonly cosine?: number;
  readonly maxRounds?: number;
  readonly minRounds?: number;
  readonly staleRounds?: number;
  /** False for --no-redundancy. */
  readonly redundancy?: boolean;
  readonly output?: 'json';
}

/** `parley replay <debate-id>`: waits for the result and prints it. Resolves to the exit code. */
export async function replayCommand(debate: string, flags: ReplayFlags, environment: Env): Promise<number> {
  const { replays } = openClient(environment);
  const { id } = await replays.start(debate, rulesOf(flags)).catch(withRemedy);
  const view = await replays.finished(debate, id).catch(withRemedy);
  if (flags.output === 'json') console.log(JSON.stringify(view, null, 2));
  else if (view.result !== null) console.log(replayTable(view.result));
  if (view.status === 'finished') return 0;
  const why = view.reason ?? 'its stream was set aside; GET /v1/parked says why';
  console.error(`Replay ${view.id} has ${view.status}: ${why}.`);
  return 1;
}

/** What was not said is left out, so that the server's own defaults stand. */
export function rulesOf(flags: ReplayFlags): ReplayRules {
  const { judge: model, panel, containment, jaccard, cosine, maxRounds, minRounds, staleRounds, redundancy } = flags;
  const said = {
    judge: { model, panel },
    thresholds: { containment, jaccard, cosine },
    stop: { maxRounds, minRounds, staleRounds, stopWhenRedundant: redundancy === false ? false : undefined },
  };
  // Through JSON keys without a value are gone.
  const rules = JSON.parse(JSON.stringify(said)) as Record<string, object>;
  return Object.fromEntries(Object.entries(rules).filter(([, part]) => Object.keys(part).length > 0));
}
