import { renderChart } from './chart.ts';
import type { HelmPrograms } from './helm-program.ts';
import { baseFiles, componentFiles, type Manifest, manifestsOf } from './rendered-files.ts';
import { externalSecretFiles, localSecretFiles, serviceSecrets } from './service-secrets.ts';

const plain = 'plainManifests=true';
/** A deployment that is scaled by something else has no number of its own. */
const withoutReplicas = `patches:
  - target: {kind: Deployment, labelSelector: parley/scales-on=backlog}
    patch: |-
      - {op: remove, path: /spec/replicas}
`;
const isExternal = ({ text }: Manifest) => text.includes('type: External');

/** The folders of k8s/ that are made from the chart as a whole, each with the text of its files. */
export async function renderedFolders(programs: HelmPrograms): Promise<ReadonlyMap<string, Map<string, string>>> {
  const render = (...values: string[]) => renderChart(programs, [plain, ...values]);
  const base = await render();
  const secrets = serviceSecrets(manifestsOf(base));
  const [keda, external, monitored] = [
    await render('keda.enabled=true'),
    await render('externalMetrics.enabled=true'),
    await render('podMonitor.enabled=true'),
  ];
  return new Map([
    ['base', baseFiles(base)],
    ['components/local-secrets', localSecretFiles(secrets)],
    ['components/external-secrets', externalSecretFiles(secrets)],
    ['components/keda', componentFiles(keda, 'ScaledObject', withoutReplicas)],
    ['components/backlog-hpa', componentFiles(external, 'HorizontalPodAutoscaler', withoutReplicas, isExternal)],
    ['components/pod-monitor', componentFiles(monitored, 'PodMonitor')],
  ]);
}
