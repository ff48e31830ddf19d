import { readFileSync } from 'node:fs';
import { messageOf, ParleyError } from '@parley/contracts';
import { type DegradationPolicy, degradationPolicy } from '@parley/contracts/debate';
import { defaultDegradation } from '../domain/degradation.ts';

const example = '[{slo: debate-completion, budgetBelow: 0.25, maxRounds: 4}]';

/**
 * What is lowered while budgets run out: "off", "default", YAML, or a YAML file. Without a word it is the default where
 * Prometheus says how budgets stand, and off where only this process does.
 * @throws ParleyError CONFIG_INVALID naming every field at fault
 */
export async function readDegradation(
  text: string | undefined,
  prometheusUrl: string | undefined,
): Promise<DegradationPolicy> {
  if (text === 'off' || (text === undefined && prometheusUrl === undefined)) return [];
  if (text === undefined || text === 'default') return defaultDegradation;
  const { parse } = await import('yaml');
  const isRules = /^\s*[[-]/.test(text);
  let value: unknown;
  try {
    value = parse(isRules ? text : readFileSync(text, 'utf8'));
  } catch (cause) {
    const what = isRules ? 'is not YAML' : `names the file ${text}, which cannot be read`;
    throw new ParleyError(
      'CONFIG_INVALID',
      `PARLEY_DEGRADATION ${what}: ${messageOf(cause)}. Write it as ${example}.`,
      {
        cause,
      },
    );
  }
  const parsed = degradationPolicy.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'the list'}: ${message}`);
  throw new ParleyError(
    'CONFIG_INVALID',
    `PARLEY_DEGRADATION has rules that cannot be used:\n${faults.join('\n')}\nWrite it as ${example}.`,
  );
}
