import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packCluster } from '@parley/spine';
import { bundlePackage, copyAssets } from './assets.ts';
import { compile, writeDeclarations } from './compile.ts';
import { dependenciesOf, pinnedVersions, readManifest, root } from './dependencies.ts';
import { packTarball, type Tarball } from './tarball.ts';

export interface PackOptions {
  /** The folder that the tarballs are written to. */
  readonly to: string;
  readonly repository?: string;
}

/** What `/docs` serves of it. As a dependency it would bring another package, whose install script reports to its maker. */
const apiPage = {
  name: 'swagger-ui-dist',
  files: [
    ...['LICENSE', 'NOTICE', 'swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt'],
    ...['swagger-ui.css', 'favicon-32x32.png'],
  ],
} as const;

/** Where a setting that is missing or wrong sends its reader. */
const settingsPage = 'docs/config.md';

/** Since when node:sqlite needs no flag. */
const node = { engine: '>=22.13', target: 'node22.13' } as const;

/** The program: everything that `parley up` needs beyond what npm installs for it. */
export function packCli({ to, repository }: PackOptions): Promise<Tarball> {
  return staged(to, async (stage) => {
    const from = 'packages/cli';
    const compiled = await compile(
      [`${from}/src/main.ts`, 'packages/spine/src/database/initdb.ts'],
      stage,
      node.target,
    );
    packCluster(join(stage, 'packages/spine/packed'));
    copyAssets(compiled, stage);
    bundlePackage(apiPage.name, apiPage.files, stage);
    const bin = `${from}/bin/parley.js`;
    for (const file of [bin, settingsPage]) cpSync(join(root, file), join(stage, file));
    chmodSync(join(stage, bin), 0o755);
    const codes = compiled.map(({ code }) => code);
    const fields = {
      engines: { node: node.engine },
      bin: { parley: bin },
      exports: {},
      dependencies: dependenciesOf(codes, pinnedVersions()),
      bundleDependencies: [apiPage.name],
    };
    return packTarball(stage, to, { from, manifest: readManifest(from), fields, ...(repository && { repository }) });
  });
}

/** The client, with its types. It runs in browsers, too. */
export function packSdk({ to, repository }: PackOptions): Promise<Tarball> {
  return staged(to, async (stage) => {
    const from = 'packages/sdk';
    const compiled = await compile([`${from}/src/index.ts`], stage, 'es2022');
    const types = await writeDeclarations(`${from}/src/index.ts`, stage);
    const fields = {
      exports: { '.': { types: `./${from}/src/index.d.ts`, default: `./${from}/src/index.js` } },
      sideEffects: false,
      dependencies: dependenciesOf([...compiled.map(({ code }) => code), ...types], pinnedVersions()),
    };
    return packTarball(stage, to, { from, manifest: readManifest(from), fields, ...(repository && { repository }) });
  });
}

async function staged(to: string, work: (stage: string) => Promise<Tarball>): Promise<Tarball> {
  mkdirSync(to, { recursive: true });
  const stage = mkdtempSync(join(tmpdir(), 'parley-pack-'));
  try {
    return await work(stage);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
