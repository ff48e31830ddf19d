import { useMemo } from 'preact/hooks';
import { type DebateLog, roundsOf } from '../debate-log.ts';
import { overlapOf } from '../preview.ts';
import { percent, teams } from '../words.ts';
import { Chart, type Series } from './chart.tsx';

/** Chart of how much of each turn was said before, with the threshold. */
export function NoveltyChart({ log, from }: { log: DebateLog; from: number }) {
  const xs = useMemo(() => roundsOf(log), [log]);
  const series = useMemo(() => {
    const sides = (['pro', 'con'] as const).map((side): Series => {
      const values = xs.map((round) => {
        const turn = log.turns.find((one) => one.round === round && one.side === side);
        return turn === undefined ? null : overlapOf(turn);
      });
      return { label: teams[side], colour: `--${side}`, kind: 'line', values };
    });
    return [...sides, { label: 'threshold', colour: '--ink', kind: 'rule', values: xs.map(() => from) } as const];
  }, [log, xs, from]);
  const said = log.turns.map((turn) => `${teams[turn.side]} ${turn.round}: ${percent(overlapOf(turn))}`).join(', ');
  return (
    <figure>
      <Chart
        label={`Overlap of each turn with what was said before. ${said}.`}
        xs={xs}
        xLabel={(x) => (Number.isInteger(x) ? String(x) : '')}
        yLabel={percent}
        series={series}
        yRange={range}
      />
      <figcaption class="legend">
        <span class="side-pro">{teams.pro}</span>
        <span class="side-con">{teams.con}</span>
        <span>overlap by round; the line is your threshold</span>
      </figcaption>
    </figure>
  );
}

const range = [0, 1.02] as const;
