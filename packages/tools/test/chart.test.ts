import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { passwordVariable } from '@parley/cli/operating/migrate.ts';
import { serviceNames } from '@parley/contracts';
import { gatewayEnv } from '@parley/gateway/config.ts';
import { moderatorEnv } from '@parley/moderator/config.ts';
import { readEnv } from '@parley/runtime';
import { whyMissing } from '@parley/testkit';
import type { z } from 'zod';
import { k8sFolder, renderChart } from '../src/manifests/chart.ts';
import { findHelm } from '../src/manifests/helm-program.ts';
import { renderedFolders } from '../src/manifests/rendered-folders.ts';
import { environmentOf, type K8sObject, named, objectsOf, workloadsOf } from './manifests/objects.ts';
import { faultsOf } from './manifests/settings.ts';

jest.setTimeout(120_000);
const finding = findHelm(() => {});
const missing = await whyMissing('helm', finding);
const withHelm = missing === undefined ? describe : describe.skip;

const rendered = async (...values: string[]) => renderChart(await finding, ['plainManifests=true', ...values]);
const objects = async (...values: string[]): Promise<K8sObject[]> => objectsOf(await rendered(...values));
const refusal = async (...values: string[]) =>
  rendered(...values).then(
    () => 'nothing was refused',
    (thrown: Error) => thrown.message,
  );

withHelm('the chart', () => {
  test('gives every container the settings that its program reads, and no other', async () => {
    const all = await objects();
    expect(workloadsOf(all).map(({ component }) => component)).toEqual(
      expect.arrayContaining([...serviceNames, 'migrate', 'topics']),
    );
    expect(workloadsOf(all).flatMap((workload) => faultsOf(workload, all))).toEqual([]);
  });

  test.each([
    ['a name that nobody reads', 'services.gateway.env.PARLEY_TYPO=yes', /gateway: nobody reads PARLEY_TYPO/],
    ['a value that cannot be', 'services.moderator.env.PARLEY_POOL_SIZE=many', /PARLEY_POOL_SIZE/],
    ['a side that is missing', 'services.debater-a.env.PARLEY_SIDE=', /PARLEY_SIDE: is not set/],
  ])('and this test sees %s', async (_what, value, fault) => {
    const all = await objects(value);
    expect(workloadsOf(all).flatMap((workload) => faultsOf(workload, all))).toEqual([expect.stringMatching(fault)]);
  });

  test("the migration gets every role's password", async () => {
    const migrate = workloadsOf(await objects()).find(({ component }) => component === 'migrate');
    const names = migrate?.pod.containers[0]?.env?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['DATABASE_URL', ...serviceNames.map(passwordVariable)]));
  });

  test.each([
    ['services.gateway.replica=3', "at '/services/gateway'", 'replica'],
    ['services.gateway.replicas=two', "at '/services/gateway/replicas'", 'integer'],
    ['networkPolicy.enable=false', "at '/networkPolicy'", 'enable'],
    ['servces.gateway.replicas=3', "at ''", 'servces'],
    ['services.gateway.connects={kafak}', 'gateway connects to', 'kafak'],
  ])('a mistake in values is named: %s', async (value, place, key) => {
    const said = await refusal(value);
    expect(said).toContain(place);
    expect(said).toContain(key);
  });

  test('zero replicas are zero, and nothing scales or guards them', async () => {
    const all = await objects('services.gateway.replicas=0', 'services.moderator.replicas=0', 'keda.enabled=true');
    for (const service of ['gateway', 'moderator']) {
      expect(named(all, 'Deployment', service)?.spec?.replicas).toBe(0);
      expect(named(all, 'Deployment', service)?.metadata.labels).not.toHaveProperty(['parley/scales-on']);
      for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject', 'PodDisruptionBudget']) {
        expect(named(all, kind, service)).toBeUndefined();
      }
    }
  });

  test('what is scaled by something else has no number of its own', async () => {
    const all = await objects('keda.enabled=true');
    expect(named(all, 'Deployment', 'gateway')?.spec?.replicas).toBeUndefined();
    expect(named(all, 'Deployment', 'debater-a')?.spec?.replicas).toBeUndefined();
    expect(named(all, 'ScaledObject', 'debater-a')).toBeDefined();
  });

  test('without KEDA, agents are scaled on the backlog that an adapter serves, and the gateway on its CPU', async () => {
    const all = await objects('externalMetrics.enabled=true');
    expect(all.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
    for (const [service, max] of [
      ['moderator', 6],
      ['debater-a', 10],
      ['debater-b', 10],
    ] as const) {
      expect(named(all, 'Deployment', service)?.spec?.replicas).toBeUndefined();
      expect(named(all, 'HorizontalPodAutoscaler', service)?.spec).toEqual({
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service },
        minReplicas: 2,
        maxReplicas: max,
        metrics: [
          {
            type: 'External',
            external: {
              metric: { name: 'parley_backlog', selector: { matchLabels: { service } } },
              target: { type: 'AverageValue', averageValue: '8' },
            },
          },
        ],
      });
    }
    expect(JSON.stringify(named(all, 'HorizontalPodAutoscaler', 'gateway')?.spec)).toContain('averageUtilization');
    expect(await refusal('externalMetrics.enabled=true', 'keda.enabled=true')).toContain('choose one');
    expect(await refusal('externalMetrics.enable=true')).toContain("at '/externalMetrics'");
  });

  test('a tenant has limits, probes run, and looking again at what is over costs nothing until somebody asks', async () => {
    const all = await objects();
    const of = (service: string, schema: z.ZodObject) => {
      const container = workloadsOf(all).find(({ component }) => component === service)?.pod.containers[0];
      const env = environmentOf(container ?? { name: '', image: '' }, all);
      const known = [...env].filter(([name]) => name in schema.shape);
      return readEnv(
        schema,
        Object.fromEntries(known.map(([name, value]) => [name, value ?? 'postgres://x@y:5432/z'])),
      );
    };
    expect(of('gateway', gatewayEnv.omit({ DATABASE_URL: true }))).toMatchObject({
      PARLEY_PROBE_SECONDS: 60,
      PARLEY_TENANT_REQUESTS_PER_MINUTE: 1_200,
      PARLEY_TENANT_STREAMS: 100,
    });
    expect(of('moderator', moderatorEnv.omit({ DATABASE_URL: true }))).toMatchObject({
      PARLEY_ACCURACY_SAMPLE_RATIO: 0,
    });
  });

  test('a new service is an entry and no template, and has the labels by which an overlay finds it', async () => {
    const of = 'services.event-listener';
    const entry = [
      'image=event-listener',
      'replicas=2',
      'connects={kafka,postgres}',
      'scaleOnBacklog.min=2',
      'scaleOnBacklog.max=4',
      'scaleOnBacklog.perReplica=8',
      'secret.name=parley-event-listener',
    ];
    const all = await objects(...entry.map((value) => `${of}.${value}`), `${of}.secret.keys={DATABASE_URL}`);
    const kinds = all.filter(({ metadata }) => metadata.name === 'event-listener').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ServiceAccount']);
    const [account, deployment] = ['ServiceAccount', 'Deployment'].map((kind) => named(all, kind, 'event-listener'));
    const connections = { 'parley/connects-kafka': 'true', 'parley/connects-postgres': 'true' };
    const chosen = (labels: object = {}) =>
      Object.fromEntries(Object.entries(labels).filter(([name]) => name.startsWith('parley/')));
    expect(chosen(account?.metadata.labels)).toEqual(connections);
    expect(chosen(deployment?.spec?.template?.metadata.labels)).toEqual(connections);
    expect(chosen(deployment?.metadata.labels)).toEqual({ 'parley/scales-on': 'backlog' });
    const migrate = workloadsOf(all).find(({ component }) => component === 'migrate');
    expect(migrate?.pod.containers[0]?.env?.map(({ name }) => name)).toContain('PARLEY_PASSWORD_EVENT_LISTENER');
    for (const job of ['migrate', 'topics']) {
      expect(chosen(named(all, 'ServiceAccount', job)?.metadata.labels)).toEqual({});
    }
    // A selector of a Deployment cannot be changed.
    expect(deployment?.spec?.selector?.matchLabels).toEqual({
      'app.kubernetes.io/name': 'parley',
      'app.kubernetes.io/component': 'event-listener',
    });
  });

  test('another release is another job, because a job cannot be changed', async () => {
    const jobs = async (...values: string[]) =>
      (await objects(...values)).filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name);
    const [now, later] = [await jobs(), await jobs('image.tag=9.9.9')];
    expect(new Set([...now, ...later]).size).toBe(4);
    expect(await jobs()).toEqual(now);
  });

  test('the committed manifests are what it makes, at most 120 lines a service', async () => {
    const folders = await renderedFolders(await finding);
    for (const [folder, made] of folders) {
      expect(readdirSync(join(k8sFolder, folder)).sort()).toEqual([...made.keys()].sort());
      for (const [name, text] of made) {
        expect({ name, text: readFileSync(join(k8sFolder, folder, name), 'utf8') }).toEqual({ name, text });
      }
    }
    for (const [name, text] of folders.get('base') ?? []) {
      expect({ name, isLong: text.split('\n').length - 1 > 120 }).toEqual({ name, isLong: false });
    }
  });
});
