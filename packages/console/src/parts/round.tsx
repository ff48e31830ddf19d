import type { Side } from '@parley/contracts/debate';
import type { Aside, DebateLog } from '../debate-log.ts';
import { teams } from '../words.ts';
import { LiveTurn, TurnText } from './turn.tsx';

/** Both sides' words of one round, side by side, and what happened around them. */
export function Round({ round, log }: { round: number; log: DebateLog }) {
  const asides = log.asides.filter((one) => one.round === round);
  return (
    <li class="round" id={`round-${round}`} aria-label={`Round ${round}`}>
      <h3 class="round-number">{round}</h3>
      {(['pro', 'con'] as const).map((side) => (
        <Spoken key={side} round={round} side={side} log={log} />
      ))}
      {asides.map((aside) => (
        <p key={aside.seq} class={`aside aside-${aside.kind}`}>
          {sentenceOf(aside)}
        </p>
      ))}
    </li>
  );
}

function Spoken({ round, side, log }: { round: number; side: Side; log: DebateLog }) {
  const turn = log.turns.find((one) => one.round === round && one.side === side);
  if (turn !== undefined) return <TurnText turn={turn} />;
  const { live } = log;
  if (live?.round === round && live.side === side) return <LiveTurn live={live} />;
  return <div class={`turn turn-none side-${side}`} />;
}

function sentenceOf(aside: Aside): string {
  switch (aside.kind) {
    case 'note':
      return `Moderator: ${aside.text}`;
    case 'paused':
      return 'Paused';
    case 'resumed':
      return 'Resumed';
    case 'rejected':
      return `${teams[aside.side]} was asked once more: ${aside.text}`;
    case 'polled':
      return 'The judge was asked, and finds it open.';
  }
}
