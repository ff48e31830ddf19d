import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { kubeUp } from '../src/index.ts';

const { PATH } = process.env;
const home = mkdtempSync(join(tmpdir(), 'parley-kube-'));
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(home, { recursive: true, force: true });
});

test('what a node lacks is said, all of it, before anything is built', async () => {
  process.env.PATH = '';
  await expect(kubeUp({ home, form: 'node' })).rejects.toMatchObject({
    code: 'KUBERNETES_UNAVAILABLE',
    message: expect.stringMatching(/^A node needs .*runc, nftables.*apt-get install .*buildah.*"--api-only"/),
  });
  expect(existsSync(join(home, 'kube-programs'))).toBe(false);
});

test('an API server alone asks for Go and nothing else', async () => {
  process.env.PATH = '';
  await expect(kubeUp({ home, form: 'api' })).rejects.toMatchObject({
    code: 'KUBERNETES_UNAVAILABLE',
    message: expect.stringMatching(/^Kubernetes is built with Go/),
  });
});
