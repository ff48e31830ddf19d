/** A dashboard as data; `render` makes Grafana's JSON of it. */
export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly from: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
}

export type Variable =
  | { readonly name: string; readonly label: string; readonly values: string }
  | { readonly name: string; readonly label: string; readonly text: string };

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface Drawn {
  readonly title: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly height: number;
  readonly about?: string;
}

export interface MeasuredPanel extends Drawn {
  readonly kind: 'lines' | 'number' | 'table' | 'heatmap';
  /** Grafana's name of it. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Values from which it is orange and red. */
  readonly limits?: readonly [orange: number, red: number];
  readonly max?: number;
  /** Why it may be empty where all is well; without it an empty panel is a fault. */
  readonly emptyBecause?: string;
}

export interface TextPanel extends Drawn {
  readonly kind: 'text';
  readonly markdown: string;
}

export type Panel = MeasuredPanel | TextPanel;

export interface Query {
  readonly expr: string;
  /** Grafana's template of a series' name, or the heading of a table's column. */
  readonly name: string;
}

export function lines(
  title: string,
  unit: string,
  queries: readonly Query[],
  more: Partial<MeasuredPanel> = {},
): Panel {
  return { kind: 'lines', title, unit, queries, width: 8, height: 7, ...more };
}

export function number(title: string, unit: string, expr: string, more: Partial<MeasuredPanel> = {}): Panel {
  return { kind: 'number', title, unit, queries: [{ expr, name: title }], width: 4, height: 4, ...more };
}

export function heatmap(title: string, unit: string, expr: string, more: Partial<MeasuredPanel> = {}): Panel {
  return { kind: 'heatmap', title, unit, queries: [{ expr, name: '{{le}}' }], width: 12, height: 9, ...more };
}
