import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSlos } from './read.ts';
import type { Slo } from './slo.ts';

/** `slo/` of this repository. */
export const sloFolder = fileURLToPath(new URL('../../../slo/', import.meta.url));

/** The objectives of a folder of OpenSLO files, by file name. */
export function readSloFolder(folder: string = sloFolder): Slo[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return readSlos(
    names.sort().map((name) => ({ name: `slo/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') })),
  );
}
