// npm run render: writes the manifests under k8s/ that are made from the chart. CI fails when one of them is stale.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { k8sFolder, renderChart } from './manifests/chart.ts';
import { findHelm } from './manifests/helm-program.ts';
import { baseFiles, componentFiles, type Manifest, observabilityFile } from './manifests/rendered-files.ts';
import { runProgram, sayOnStderr } from './program.ts';

const plain = 'plainManifests=true';
/** A deployment that is scaled by something else has no number of its own. */
const withoutReplicas = (scalers: readonly Manifest[]) => `patches:
  - target: {kind: Deployment, name: ${scalers.map(({ component }) => component).join('|')}}
    patch: |-
      - {op: remove, path: /spec/replicas}
`;

function write(folder: string, files: ReadonlyMap<string, string>): void {
  const at = join(k8sFolder, folder);
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(at, name), text);
}

function named(folder: string, ending: string): string[] {
  const at = join(k8sFolder, 'observability', folder);
  return existsSync(at)
    ? readdirSync(at)
        .filter((name) => name.endsWith(ending))
        .sort()
    : [];
}

await runProgram(async () => {
  const programs = await findHelm(sayOnStderr);
  write('base', baseFiles(await renderChart(programs, [plain])));
  const keda = await renderChart(programs, [plain, 'keda.enabled=true']);
  write('components/keda', componentFiles(keda, 'ScaledObject', withoutReplicas));
  const external = await renderChart(programs, [plain, 'externalMetrics.enabled=true']);
  const isExternal = ({ text }: Manifest) => text.includes('type: External');
  write('components/backlog-hpa', componentFiles(external, 'HorizontalPodAutoscaler', withoutReplicas, isExternal));
  const monitored = await renderChart(programs, [plain, 'podMonitor.enabled=true']);
  write('components/pod-monitor', componentFiles(monitored, 'PodMonitor'));
  const lists = observabilityFile(named('rules', '.yaml'), named('dashboards', '.json'));
  writeFileSync(join(k8sFolder, 'observability', 'kustomization.yaml'), lists);
  return 0;
});
