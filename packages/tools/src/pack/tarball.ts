import { cpSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { npmEnv } from '../component/shared-folder.ts';
import { type Manifest, root } from './dependencies.ts';

export interface Tarball {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  /** How much it is when installed, without what it depends on. */
  readonly unpackedBytes: number;
  readonly files: number;
}

export interface TarballOptions {
  /** The workspace that is published. */
  readonly from: string;
  readonly manifest: Manifest;
  /** Of the package: how it is entered and what it needs. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where the code is, for provenance. */
  readonly repository?: string;
}

/** Packs the folder `stage` as npm publishes it, into the folder `to`. */
export async function packTarball(stage: string, to: string, options: TarballOptions): Promise<Tarball> {
  const { from, manifest, fields, repository } = options;
  const { name, version, description, license } = manifest;
  const published = {
    ...{ name, version, description, license, type: 'module' },
    ...(repository !== undefined && { repository: { type: 'git', url: `git+${repository}.git`, directory: from } }),
    ...fields,
  };
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  cpSync(join(root, from, 'README.md'), join(stage, 'README.md'));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', '--json', '--loglevel=error', '--ignore-scripts', '--pack-destination', to];
  const { code, output } = await runCommand(npm, args, { cwd: stage, env: npmEnv() });
  const [packed] =
    code === 0 ? (JSON.parse(output) as { filename: string; unpackedSize: number; entryCount: number }[]) : [];
  if (packed === undefined) throw new Error(`npm pack failed with ${code}:\n${output}`);
  const file = join(to, packed.filename);
  return { name, file, bytes: statSync(file).size, unpackedBytes: packed.unpackedSize, files: packed.entryCount };
}
