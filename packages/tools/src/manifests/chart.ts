import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import type { HelmPrograms } from './helm-program.ts';

export const chartFolder = fileURLToPath(new URL('../../../../charts/parley', import.meta.url));
export const k8sFolder = fileURLToPath(new URL('../../../../k8s/', import.meta.url));

/**
 * What the chart makes of these values, as `helm --set` takes them.
 * @throws ParleyError CONFIG_INVALID with what Helm says about them
 */
export async function renderChart({ helm }: HelmPrograms, values: readonly string[] = []): Promise<string> {
  const set = values.flatMap((value) => ['--set', value]);
  return run(helm, ['template', 'parley', chartFolder, '--namespace', 'parley', ...set]);
}

/** What `kubectl apply -k` would send. */
export async function buildOverlay({ kubectl }: HelmPrograms, folder: string): Promise<string> {
  return run(kubectl, ['kustomize', folder]);
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { code, output } = await runCommand(program, args, {
    // Whose cluster the user has is of no matter, and Helm warns of its file.
    env: { ...process.env, KUBECONFIG: devNull },
  });
  if (code !== 0) throw new ParleyError('CONFIG_INVALID', output.trim());
  return output;
}
