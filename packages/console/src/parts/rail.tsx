import type { DebateLog } from '../debate-log.ts';
import { percent } from '../words.ts';

/** The rounds at a glance: which have been, what is left, and where nothing new was said. */
export function Rail({ log }: { log: DebateLog }) {
  const most = log.setup?.maxRounds ?? 0;
  const go = (round: number) => {
    const row = document.getElementById(`round-${round}`);
    row?.scrollIntoView({ block: 'start' });
  };
  return (
    <nav class="rail" aria-label="Rounds">
      <ol>
        {Array.from({ length: most }, (_, i) => i + 1).map((round) => {
          const turns = log.turns.filter((turn) => turn.round === round);
          const isLive = log.live?.round === round;
          const about = turns
            .map(({ side, novelty }) => `${side === 'pro' ? 'A' : 'B'} ${percent(novelty.score)} new`)
            .join(', ');
          return (
            <li key={round}>
              <button
                type="button"
                disabled={turns.length === 0 && !isLive}
                aria-label={`Round ${round}${about === '' ? '' : `: ${about}`}`}
                onClick={() => go(round)}
              >
                <span aria-hidden="true">{round}</span>
                {(['pro', 'con'] as const).map((side) => {
                  const turn = turns.find((one) => one.side === side);
                  const kind = turn === undefined ? 'is-open' : turn.novelty.isStale ? 'is-stale' : '';
                  return <i key={side} class={`side-${side} ${kind}`} aria-hidden="true" />;
                })}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
