import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';

export interface Series {
  readonly label: string;
  /** A custom property of the style sheet, so that a chart has the page's colours, dark or light. */
  readonly colour: `--${string}`;
  readonly kind: 'line' | 'rule' | 'bars';
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  /** What it shows, for readers who do not see it. */
  readonly label: string;
  readonly xs: readonly number[];
  readonly xLabel: (x: number) => string;
  readonly yLabel: (y: number) => string;
  readonly series: readonly Series[];
  readonly yRange?: readonly [number, number];
}

const height = 180;

/** A chart by uPlot, which is fetched when the first one is shown. */
export function Chart(props: ChartProps) {
  const at = useRef<HTMLDivElement>(null);
  const shown = JSON.stringify([props.xs, props.series]);
  useEffect(() => {
    const box = at.current as HTMLDivElement;
    let chart: uPlot | undefined;
    let isGone = false;
    void import('uplot').then(({ default: UPlot }) => {
      if (isGone) return;
      const style = getComputedStyle(box);
      chart = new UPlot(
        optionsOf(UPlot, props, box.clientWidth, (name) => style.getPropertyValue(name)),
        dataOf(props),
        box,
      );
    });
    const resizing = new ResizeObserver(() => chart?.setSize({ width: box.clientWidth, height }));
    resizing.observe(box);
    return () => {
      isGone = true;
      resizing.disconnect();
      chart?.destroy();
    };
  }, [shown]);
  return <div class="chart" ref={at} role="img" aria-label={props.label} style={{ minBlockSize: `${height}px` }} />;
}

function dataOf({ xs, series }: ChartProps): uPlot.AlignedData {
  return [[...xs], ...series.map(({ values }) => [...values])];
}

function optionsOf(
  UPlot: typeof uPlot,
  props: ChartProps,
  width: number,
  colour: (name: string) => string,
): uPlot.Options {
  const { xLabel, yLabel, series, yRange } = props;
  const axis = {
    stroke: colour('--muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('--rule'), width: 1 },
    ticks: { show: false },
  };
  const hasBars = series.some(({ kind }) => kind === 'bars');
  const bars = UPlot.paths.bars?.({ size: [0.7, 28] });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, ...(hasBars ? { range: [-0.6, props.xs.length - 0.4] } : {}) },
      y: yRange === undefined ? {} : { range: [...yRange] },
    },
    axes: [
      { ...axis, grid: { show: false }, values: (_, xs) => xs.map(xLabel) },
      { ...axis, size: 56, values: (_, ys) => ys.map(yLabel) },
    ],
    series: [
      {},
      ...series.map(({ label, colour: name, kind }) => ({
        label,
        stroke: colour(name),
        width: 2,
        points: { show: kind === 'line', size: 6 },
        ...(kind === 'rule' ? { dash: [5, 5], width: 1.5 } : {}),
        ...(kind === 'bars' && bars !== undefined ? { paths: bars, fill: colour(name), width: 0 } : {}),
      })),
    ],
  };
}
