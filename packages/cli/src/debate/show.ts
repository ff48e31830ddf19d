import type { DebateView } from '@parley/contracts/debate';
import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import type { Terminal } from '../command-line/terminal.ts';
import { moneyText } from '../operating/usage.ts';
import { createTranscript } from './transcript.ts';

/** `parley debate show <id>`: what was said so far, and how it ended. */
export async function showCommand(call: Call): Promise<number> {
  const view = await withGateway(call, (parley) => parley.debates.get(call.args[0] ?? ''));
  call.print(view, () => debatePage(view, call.terminal));
  return exitCodes.ok.code;
}

/** A debate as it stands, for people. */
export function debatePage(view: DebateView, { paint }: Pick<Terminal, 'paint'>): string {
  let text = '';
  const { heading, fact } = createTranscript({ write: (part) => (text += part), isLive: false, paint });
  const { topic, maxRounds, turns, stopReason, alsoTrue, detail, verdict, usage } = view;
  text += `Debate ${view.id}\n`;
  const rounds = turns.filter(({ side }) => side === 'con').length;
  const ended = view.closedAt === null ? '' : `, ended ${view.closedAt}`;
  text += `${view.status}, ${rounds} of at most ${maxRounds} rounds, started ${view.createdAt}${ended}\n`;
  const { inputTokens, outputTokens, cost } = usage;
  text += `${inputTokens} + ${outputTokens} tokens (in + out), ${moneyText(cost)}\n`;
  heading(topic, view.degraded ?? undefined);
  for (const { sequence: _, ...turn } of turns) fact({ type: 'turn-recorded.v1', data: { ...turn, next: null } });
  if (view.waiting !== null) {
    const since = Date.parse(view.waiting.since);
    fact({ type: 'model-waiting.v1', data: { ...view.waiting, since } });
  }
  if (stopReason !== null) {
    const why = detail === null ? {} : { detail };
    fact({ type: 'debate-stopped.v1', data: { stopReason, alsoTrue, rounds, ...why } });
  }
  if (verdict !== null) fact({ type: 'verdict-given.v1', data: { verdict } });
  return text.trimEnd();
}
