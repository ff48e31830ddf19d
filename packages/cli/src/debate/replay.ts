import type { ReplayRules } from '@parley/contracts/debate';
import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { harmless } from '../command-line/terminal.ts';
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
  /** True for --redundancy, false for --no-redundancy; otherwise it is as it was in the debate. */
  readonly redundancy?: boolean;
}

/** `parley replay <debate>`: waits for the result and prints it. */
export async function replayCommand(call: Call<ReplayFlags>): Promise<number> {
  const { args, flags, terminal } = call;
  const [debate = ''] = args;
  const view = await withGateway(call, async ({ replays }) => {
    const { id } = await replays.start(debate, rulesOf(flags));
    terminal.status(`Judging debate ${debate} again …`);
    return replays.finished(debate, id);
  });
  const why = view.reason ?? 'its stream was set aside; GET /v1/parked says why';
  call.print(view, () => (view.result === null ? `Replay ${view.id} has no result.` : replayTable(view.result)));
  if (view.status === 'finished') return exitCodes.ok.code;
  terminal.note(`Replay ${view.id} has ${view.status}: ${harmless(why)}.`);
  return exitCodes.failed.code;
}

/** What was not said is left out, so that the server's own defaults stand. */
export function rulesOf(flags: ReplayFlags): ReplayRules {
  const { judge: model, panel, containment, jaccard, cosine, maxRounds, minRounds, staleRounds, redundancy } = flags;
  const said = {
    judge: { model, panel },
    thresholds: { containment, jaccard, cosine },
    stop: { maxRounds, minRounds, staleRounds, stopWhenRedundant: redundancy },
  };
  // Through JSON keys without a value are gone.
  const rules = JSON.parse(JSON.stringify(said)) as Record<string, object>;
  return Object.fromEntries(Object.entries(rules).filter(([, part]) => Object.keys(part).length > 0));
}
