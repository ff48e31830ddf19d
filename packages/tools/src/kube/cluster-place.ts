import { join } from 'node:path';
import { type ComponentOptions, type ComponentPlace, componentPlace } from '../component-place.ts';
import type { Daemon } from '../daemon.ts';

export type KubeOptions = ComponentOptions;

/** "api" validates and admits, and runs nothing; "node" runs pods. */
export type KubeForm = 'api' | 'node';

/** Where everything of one cluster is. */
export interface Place extends ComponentPlace {
  /** For kubectl and clients: the administrator's. */
  readonly kubeconfig: string;
  /** Keys, certificates, tokens. */
  readonly keys: string;
  readonly logs: string;
}

/** What is remembered of a cluster between two starts. */
export interface Kept {
  readonly form: KubeForm;
  /** Of the API server and of etcd's clients and peers. */
  readonly ports: readonly [api: number, etcd: number, peer: number];
}

export function placeOf(options: KubeOptions): Place {
  const at = componentPlace('kube', options);
  const { folder } = at;
  return { ...at, kubeconfig: join(folder, 'kubeconfig'), keys: join(folder, 'keys'), logs: join(folder, 'logs') };
}

export function daemonOf({ folder, logs }: Place, name: string, mark: string): Daemon {
  return { pidFile: join(folder, `${name}.pid`), log: join(logs, `${name}.log`), mark };
}
