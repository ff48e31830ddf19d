/** One object of a rendered chart, as text. */
export interface Manifest {
  readonly kind: string;
  readonly component: string;
  readonly text: string;
}

/** Kinds in the order that they are read and applied in. */
const order = ['ServiceAccount', 'ConfigMap', 'NetworkPolicy', 'Deployment', 'Job', 'CronJob', 'Service'];
/** The head of a file that is made. */
export const note = '# Made by `npm run render` from charts/parley.\n';

/** The objects of Helm's output. */
export function manifestsOf(rendered: string): Manifest[] {
  return rendered
    .split(/^---$/m)
    .map((text) => text.replace(/^# Source: .*$/m, '').trim())
    .filter((text) => text !== '')
    .map((text) => ({
      kind: /^kind: (\S+)$/m.exec(text)?.[1] ?? '',
      component: /app\.kubernetes\.io\/component: ([a-z0-9-]+)/.exec(text)?.[1] ?? '',
      text,
    }));
}

function fileOf(manifests: readonly Manifest[]): string {
  const rank = ({ kind }: Manifest) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  const sorted = manifests.toSorted((a, b) => rank(a) - rank(b));
  return `${note}${sorted.map(({ text }) => `---\n${text}\n`).join('')}`;
}

export function kustomizationOf(kind: 'Kustomization' | 'Component', resources: readonly string[], rest = ''): string {
  const version = kind === 'Component' ? 'v1alpha1' : 'v1beta1';
  const list = resources.map((name) => `  - ${name}\n`).join('');
  const listed = resources.length === 0 ? '' : `resources:\n${list}`;
  return `${note}apiVersion: kustomize.config.k8s.io/${version}\nkind: ${kind}\n${listed}${rest}`;
}

/** A file for each service and job, one for what they share. */
export function baseFiles(rendered: string): Map<string, string> {
  const groups = Map.groupBy(manifestsOf(rendered), ({ component }) =>
    component.startsWith('parley-') ? 'shared' : component,
  );
  const names = [...groups.keys()].sort();
  const files = new Map(names.map((name) => [`${name}.yaml`, fileOf(groups.get(name) ?? [])]));
  return files.set(
    'kustomization.yaml',
    kustomizationOf(
      'Kustomization',
      names.map((name) => `${name}.yaml`),
    ),
  );
}

/**
 * What the chart makes beyond the base with an option on: the objects of this kind, or those of them that `isMeant`,
 * and patches to what the base has.
 */
export function componentFiles(
  rendered: string,
  kind: string,
  patches = '',
  isMeant: (manifest: Manifest) => boolean = () => true,
): Map<string, string> {
  const manifests = manifestsOf(rendered).filter((manifest) => manifest.kind === kind && isMeant(manifest));
  return new Map([
    ['objects.yaml', fileOf(manifests)],
    ['kustomization.yaml', kustomizationOf('Component', ['objects.yaml'], patches)],
  ]);
}

/** Lists the rules and dashboards that are there: kustomize takes no patterns. */
export function observabilityFile(rules: readonly string[], dashboards: readonly string[]): string {
  const generator = (name: string, folder: string, files: readonly string[]) =>
    `  - name: ${name}\n    files:${files.length === 0 ? ' []' : ''}\n${files.map((file) => `      - ${folder}/${file}\n`).join('')}`;
  return kustomizationOf(
    'Kustomization',
    ['stack'],
    `configMapGenerator:\n${generator('prometheus-rules', 'rules', rules)}${generator('grafana-dashboards', 'dashboards', dashboards)}`,
  );
}
