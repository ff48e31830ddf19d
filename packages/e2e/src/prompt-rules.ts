import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { generateRules, readSloFolder } from '@parley/slo';

/** Where pages are said to lead to; nobody is there. */
export const runbooks = 'https://wiki.test/docs/runbooks';

/** Writes the rules as they are, evaluated each second instead of each minute, and says what Prometheus is to load. */
export function writePromptRules(folder: string): string {
  for (const { path, text } of generateRules(readSloFolder(), runbooks)) {
    if (path.includes('/tests/')) continue;
    writeFileSync(join(folder, basename(path)), text.replaceAll('interval: 1m', 'interval: 1s'));
  }
  return join(folder, '*.yaml');
}
