import { ParleyError } from '@parley/contracts';
import { parseAllDocuments } from 'yaml';
import { openSlo } from './open-slo.ts';
import { type Slo, sloOf } from './slo.ts';

export interface SloFile {
  /** Name for messages. */
  readonly name: string;
  readonly text: string;
}

/**
 * The objectives of OpenSLO files, in their order.
 * @throws ParleyError CONFIG_INVALID: every fault of every document, with file, document and field.
 */
export function readSlos(files: readonly SloFile[]): Slo[] {
  const faults: string[] = [];
  const slos: Slo[] = [];
  for (const { name, text } of files) {
    for (const [index, document] of parseAllDocuments(text).entries()) {
      const data: unknown = document.errors.length === 0 ? document.toJS() : undefined;
      const where = `${name}, ${nameOf(data) ?? `document ${index + 1}`}`;
      const read = openSlo.safeParse(data);
      for (const { message } of document.errors) faults.push(`${where}: ${message}`);
      if (document.errors.length > 0) continue;
      for (const { path, message } of read.error?.issues ?? []) faults.push(`${where}: ${path.join('.')}: ${message}`);
      if (!read.success) continue;
      try {
        const slo = sloOf(read.data);
        if (slos.some(({ id }) => id === slo.id)) throw new RangeError(`metadata.name: "${slo.id}" is there twice`);
        slos.push(slo);
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        faults.push(`${where}: ${thrown.message}`);
      }
    }
  }
  if (faults.length > 0) throw new ParleyError('CONFIG_INVALID', faults.join('\n'));
  return slos;
}

function nameOf(data: unknown): string | undefined {
  const name = (data as { metadata?: { name?: unknown } } | null | undefined)?.metadata?.name;
  return typeof name === 'string' ? name : undefined;
}
