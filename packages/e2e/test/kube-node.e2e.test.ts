import { afterAll, describe, expect, test } from '@jest/globals';
import { withoutModel, withoutSecret } from '../src/kube/bad-input.ts';
import { runKubeCampaign } from '../src/kube/campaign.ts';
import { openKubeWorld } from '../src/kube/world.ts';

const versions = ['0.1.0', '0.1.1'] as const;
const say = (line: string) => {
  if (!line.startsWith('…')) console.info(line);
};

// Root, minutes of building, gigabytes of images, and one node a machine: only where somebody says so.
const isWanted = process.env.PARLEY_TEST_KUBE_NODE === '1';
if (!isWanted) console.warn('Skipped: a node runs where PARLEY_TEST_KUBE_NODE=1 says so.');
const world = isWanted ? await openKubeWorld({ name: `test-${process.pid}`, versions, say }) : undefined;
afterAll(() => world?.close());

(world === undefined ? describe.skip : describe)('The services on a real node', () => {
  test('lose nothing and fail no request while pods are deleted, a version rolls out and an agent is scaled', async () => {
    if (world === undefined) throw new Error('There is no node.');
    const found = await runKubeCampaign(world, { versions, seed: 14, clients: 4, say });
    console.info(JSON.stringify(found, undefined, 2));
    expect(found).toMatchObject({ violations: [], failures: [], restarts: 0, deleted: 4, replicas: 5 });
    expect(found.debates).toBeGreaterThan(20);
  }, 1_800_000);

  test('say in their log which secret is missing, and are not ready; those before them go on', async () => {
    if (world === undefined) throw new Error('There is no node.');
    const { log, ready } = await withoutSecret(world, 'debater-b');
    expect(log).toContain('DATABASE_URL');
    expect(ready).toBeGreaterThan(0);
  }, 600_000);

  test('say in their readiness that a model is missing, and are not restarted for it', async () => {
    if (world === undefined) throw new Error('There is no node.');
    const { said, restarts } = await withoutModel(world, 'debater-a');
    expect(said).toMatch(/^\[!\] model: ollama\/nobody-pulled-it: .*OLLAMA_HOST\.\nready$/m);
    expect(restarts).toBe(0);
  }, 600_000);
});
