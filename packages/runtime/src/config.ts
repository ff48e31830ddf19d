import { ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** A process's environment, as `process.env` has it. */
export type Env = Readonly<Record<string, string | undefined>>;

type Issue = z.core.$ZodIssue;

/**
 * Reads a service's settings. An empty string is unset (charts produce them); every problem is named at once.
 * @throws ParleyError CONFIG_INVALID
 */
export function readEnv<S extends z.ZodType>(schema: S, env: Env): z.infer<S> {
  const set = settingsIn(env);
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${problemOf(issue, set)}`);
  throw new ParleyError('CONFIG_INVALID', `The environment has settings that cannot be used:\n${problems.join('\n')}`);
}

/** The problems that `readEnv` would name, each as "NAME: what is the matter". Values may be secrets and are left out. */
export function problemsOf(schema: z.ZodType, env: Env): string[] {
  const set = settingsIn(env);
  const parsed = schema.safeParse(set);
  return parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(issue, set));
}

function settingsIn(env: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

function problemOf(issue: Issue, set: Env): string {
  const { path } = issue;
  const isMissing = path.length === 1 && set[String(path[0])] === undefined;
  return `${path.join('.')}: ${isMissing ? 'is not set; docs/config.md says what it is for' : expectationOf(issue)}`;
}

/** The validator's own words are for programmers. */
function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int' ? 'is no number' : `is no ${issue.expected}`;
    case 'too_small':
      return `is too small, the least is ${issue.minimum}`;
    case 'too_big':
      return `is too large, the most is ${issue.maximum}`;
    case 'invalid_value':
      return `is none of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}`;
    default:
      return issue.message;
  }
}
