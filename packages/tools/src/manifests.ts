// npm run render: writes the manifests under k8s/ that are made from the chart. CI fails when one of them is stale.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { k8sFolder } from './manifests/chart.ts';
import { findHelm } from './manifests/helm-program.ts';
import { observabilityFile } from './manifests/rendered-files.ts';
import { renderedFolders } from './manifests/rendered-folders.ts';
import { runProgram, sayOnStderr } from './program.ts';

function write(folder: string, files: ReadonlyMap<string, string>): void {
  const at = join(k8sFolder, folder);
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(at, name), text);
}

function named(folder: string, ending: string): string[] {
  const at = join(k8sFolder, 'observability', folder);
  return existsSync(at)
    ? readdirSync(at)
        .filter((name) => name.endsWith(ending))
        .sort()
    : [];
}

await runProgram(async () => {
  const programs = await findHelm(sayOnStderr);
  for (const [folder, files] of await renderedFolders(programs)) write(folder, files);
  const lists = observabilityFile(named('rules', '.yaml'), named('dashboards', '.json'));
  writeFileSync(join(k8sFolder, 'observability', 'kustomization.yaml'), lists);
  return 0;
});
