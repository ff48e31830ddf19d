import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { whyMissing } from '@parley/testkit';
import { runCommand } from '../src/command.ts';
import { cacheDir, findPrometheus } from '../src/index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const stack = join(root, 'k8s/observability/stack/config');
const finding = findPrometheus(cacheDir(process.env), process.env.PARLEY_PROMETHEUS_BIN, () => {}, false);
const missing = await whyMissing('prometheus', finding);

(missing === undefined ? describe : describe.skip)('the settings of the observability stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-stack-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['Compose', join(root, 'docker/observability/prometheus.yaml')],
    ['Kubernetes', join(stack, 'prometheus.yaml')],
  ])('of Prometheus in %s are taken, with all rules', async (_where, file) => {
    const text = readFileSync(file, 'utf8').replace('/etc/prometheus/rules', join(root, 'k8s/observability/rules'));
    // Debian's build knows no Kubernetes: what is left says whether the rest is good.
    const known = text.replace(/ {4}kubernetes_sd_configs:\n.*\n.*\n/, '');
    const at = join(folder, 'prometheus.yaml');
    writeFileSync(at, known);
    copyFileSync(join(root, 'docker/observability/services.yaml'), join(folder, 'services.yaml'));
    const { promtool } = await finding;
    const { code, output } = await runCommand(promtool, ['check', 'config', at]);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/SUCCESS: \d+ rule files found/) });
    // It does no more than warn of a file with targets that is not there.
    expect(output).not.toContain('WARNING');
  });

  test('of Alertmanager are taken', async () => {
    const { amtool } = await finding;
    expect(await runCommand(amtool, ['check-config', join(stack, 'alertmanager.yaml')])).toMatchObject({ code: 0 });
  });
});
