import type { Fact } from '@parley/contracts';
import type { ModelWaitingV1, Side, StopReason } from '@parley/contracts/debate';

export const teams: Readonly<Record<Side, string>> = { pro: 'Team A (for)', con: 'Team B (against)' };

export const headingOf = ({ side, round }: { side: Side; round: number }): string =>
  `**${teams[side]}, round ${round}**\n\n`;

/** What a fact adds to a transcript in Markdown; undefined for what readers of one need not see. */
export function wordsOf(fact: Fact): string | undefined {
  switch (fact.type) {
    case 'turn-recorded.v1':
      return `${headingOf(fact.data)}${fact.data.text}\n\n`;
    case 'note-added.v1':
      return `**Note**: ${fact.data.text}\n\n`;
    case 'debate-stopped.v1': {
      const { stopReason, rounds } = fact.data;
      return `*Stopped: ${stopReason}, after ${rounds} ${rounds === 1 ? 'round' : 'rounds'}.*\n\n`;
    }
    case 'verdict-given.v1': {
      const { verdict } = fact.data;
      if (verdict.outcome === 'unavailable') return `**Verdict: none.** ${verdict.reason}\n`;
      const winner = verdict.outcome === 'contested' ? 'contested' : teams[verdict.outcome];
      return `**Verdict: ${winner}.** ${verdict.reason}\n`;
    }
    default:
      return undefined;
  }
}

const held: Readonly<Record<ModelWaitingV1['awaits'], string>> = {
  turn: 'A turn',
  assessment: 'The check of a turn',
  verdict: 'The verdict',
};

/** Words of a fact for a reader that waits for the debate: also that a model is away, which no transcript keeps. */
export function progressOf(fact: Fact): string | undefined {
  if (fact.type !== 'model-waiting.v1') return wordsOf(fact);
  return `${held[fact.data.awaits]} waits for a model: ${fact.data.reason}\n\n`;
}

/** The debate ended because something was used up, not because it had come to its end. */
export function isCutShort(reason: StopReason | null): boolean {
  return reason === 'deadline' || reason === 'token_budget';
}
