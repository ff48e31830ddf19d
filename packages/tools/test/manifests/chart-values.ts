import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartFolder } from '../../src/manifests/chart.ts';

interface Workload {
  readonly connects: readonly string[];
}

/** What the chart says of its workloads, as it is written. */
export const chartValues: {
  readonly services: Readonly<
    Record<string, Workload & { replicas: number; autoscale?: object; scaleOnBacklog?: object }>
  >;
  readonly jobs: Readonly<Record<string, Workload>>;
} = parse(readFileSync(join(chartFolder, 'values.yaml'), 'utf8'), { merge: true });
