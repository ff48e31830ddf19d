import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KubeInfo, kubectl } from '@parley/tools';
import { parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly spec?: unknown;
}

/** The folder of all manifests. */
export const k8s = fileURLToPath(new URL('../../../../k8s/', import.meta.url));

/** Folders of `k8s` that `kubectl apply -k` takes. */
export function kustomizations(under: string): string[] {
  const folder = join(k8s, under);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'kustomization.yaml')));
  return names.sort().map((name) => join(under, name));
}

/** What `kubectl apply -k` would apply. */
export async function render(cluster: KubeInfo, kustomization: string): Promise<Manifest[]> {
  const { code, output } = await kubectl(cluster, ['kustomize', join(k8s, kustomization)]);
  if (code !== 0) throw new Error(`kubectl kustomize ${kustomization} ended with ${code}: ${output}`);
  return parseAllDocuments(output).map((document) => document.toJSON() as Manifest);
}

/** The pod that a workload makes many of, with passing volumes for those it claims; undefined for what makes none. */
export function podOf({ kind, metadata, spec }: Manifest): Manifest | undefined {
  const inner = kind === 'CronJob' ? at(at(spec, 'jobTemplate'), 'spec') : spec;
  const template = kind === 'Pod' ? { metadata: {}, spec } : at(inner, 'template');
  if (template === undefined) return undefined;
  const { labels } = (at(template, 'metadata') ?? {}) as Manifest['metadata'];
  const { name, namespace } = metadata;
  const about = { name: `${name}-pod`, ...(namespace && { namespace }), ...(labels && { labels }) };
  const inside = at(template, 'spec') as { readonly volumes?: readonly object[] };
  const claims = (at(inner, 'volumeClaimTemplates') ?? []) as readonly Manifest[];
  const claimed = claims.map((claim) => ({ name: claim.metadata.name, emptyDir: {} }));
  const volumes = [...(inside.volumes ?? []), ...claimed];
  return { apiVersion: 'v1', kind: 'Pod', metadata: about, spec: { ...inside, volumes } };
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
