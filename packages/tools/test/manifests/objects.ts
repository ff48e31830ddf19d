import { parseAllDocuments } from 'yaml';

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
}
interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: KeyRef };
  }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: object; readonly limits?: object };
  readonly securityContext?: object;
}
export interface Pod {
  readonly serviceAccountName?: string;
  readonly securityContext?: object;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly configMap?: { readonly name: string } }[];
}
interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: Pod;
}
interface PolicyRule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number | string }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

/** One Kubernetes object, as far as tests look into it. */
export interface K8sObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly selector?: Selector & Labels;
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly PolicyRule[];
    readonly egress?: readonly PolicyRule[];
    readonly ports?: readonly { readonly port: number; readonly targetPort: number | string }[];
  };
}

export function objectsOf(text: string): K8sObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as K8sObject | null)
    .filter((object) => object !== null);
}

export const named = (objects: readonly K8sObject[], kind: string, name: string): K8sObject | undefined =>
  objects.find((object) => object.kind === kind && object.metadata.name === name);

export interface Workload {
  readonly name: string;
  readonly component: string;
  readonly labels: Labels;
  readonly pod: Pod;
}

/** Everything that becomes pods. */
export function workloadsOf(objects: readonly K8sObject[]): Workload[] {
  return objects.flatMap(({ metadata, spec }) => {
    const template = spec?.template ?? spec?.jobTemplate?.spec.template;
    if (template === undefined) return [];
    const { labels } = template.metadata;
    return [
      { name: metadata.name, component: labels['app.kubernetes.io/component'] ?? '', labels, pod: template.spec },
    ];
  });
}

/** The environment of a container: names, and the text where it is not in a Secret that is not here. */
export function environmentOf(container: Container, objects: readonly K8sObject[]): Map<string, string | undefined> {
  const env = new Map<string, string | undefined>();
  for (const { configMapRef } of container.envFrom ?? []) {
    const map = named(objects, 'ConfigMap', configMapRef.name);
    if (map === undefined)
      throw new Error(`${container.name} reads the ConfigMap ${configMapRef.name}, which is not here`);
    for (const [name, value] of Object.entries(map.data ?? {})) env.set(name, value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) env.set(name, value);
    else env.set(name, secretText(valueFrom.secretKeyRef, objects));
  }
  return env;
}

function secretText({ name, key }: KeyRef, objects: readonly K8sObject[]): string | undefined {
  const text = named(objects, 'Secret', name)?.data?.[key];
  return text === undefined ? undefined : Buffer.from(text, 'base64').toString();
}

/** Whether a selector finds what has these labels. */
export const matches = (selector: Selector | undefined, labels: Labels): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector?.matchExpressions ?? []).every(({ key, values }) => values.includes(labels[key] ?? ''));

/** Why a pod cannot open a connection to a Service's port; undefined when it can. Source: NetworkPolicy v1. */
export function whyBlocked(
  from: Workload,
  host: string,
  port: number,
  objects: readonly K8sObject[],
): string | undefined {
  const service = named(objects, 'Service', host);
  const open = service?.spec?.ports?.find((each) => each.port === port);
  if (service === undefined || open === undefined) return `no Service ${host} has port ${port}`;
  const target = workloadsOf(objects).find(({ labels }) =>
    matches({ matchLabels: service.spec?.selector ?? {} }, labels),
  );
  if (target === undefined) return `the Service ${host} selects no pod`;
  const ports = target.pod.containers.flatMap((container) => container.ports ?? []);
  const at = ports.find(({ name, containerPort }) => name === open.targetPort || containerPort === open.targetPort);
  if (at === undefined) return `no container behind ${host} has the port ${open.targetPort}`;
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  const allowed = (direction: 'Ingress' | 'Egress', pod: Workload, other: Workload) => {
    const own = policies.filter(
      ({ spec }) => spec?.policyTypes?.includes(direction) && matches(spec.podSelector, pod.labels),
    );
    const rules = own.flatMap(({ spec }) => (direction === 'Ingress' ? spec?.ingress : spec?.egress) ?? []);
    const isOpen = rules.some((rule) => {
      const peers = direction === 'Ingress' ? rule.from : rule.to;
      const isPeer = peers?.some(({ podSelector, namespaceSelector }) =>
        podSelector === undefined ? namespaceSelector !== undefined : matches(podSelector, other.labels),
      );
      return (isPeer ?? true) && (rule.ports?.some((each) => [at.name, at.containerPort].includes(each.port)) ?? true);
    });
    return own.length === 0 || isOpen;
  };
  if (!allowed('Egress', from, target)) return `no policy lets ${from.name} out to ${host}:${port}`;
  return allowed('Ingress', target, from) ? undefined : `no policy lets ${from.name} in to ${host}:${port}`;
}
