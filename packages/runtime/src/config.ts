import { ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** A process's environment, as `process.env` has it. */
export type Env = Readonly<Record<string, string | undefined>>;

type Issue = z.core.$ZodIssue;

/** A control character in a setting, a line break included: no key, address or number has one. */
const control = /\p{Cc}/u;

/**
 * Reads a service's settings. White space around a value is no part of it, because files and secrets end with a line
 * break; what is empty then is unset (charts produce it). Every problem is named at once.
 * @throws ParleyError CONFIG_INVALID
 */
export function readEnv<S extends z.ZodType>(schema: S, env: Env): z.infer<S> {
  const read = settings(schema, env);
  if (read.ok) return read.value;
  const lines = read.problems.map((problem) => `  ${problem}`).join('\n');
  throw new ParleyError('CONFIG_INVALID', `The environment has settings that cannot be used:\n${lines}`);
}

/** The problems that `readEnv` would name, each as "NAME: what is the matter". Values may be secrets and are left out. */
export function problemsOf(schema: z.ZodType, env: Env): readonly string[] {
  const read = settings(schema, env);
  return read.ok ? [] : read.problems;
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };

function settings<S extends z.ZodType>(schema: S, env: Env): Read<z.infer<S>> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  const set = Object.fromEntries(trimmed.filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => problemOf(issue, set)) };
  const problems = Object.keys(parsed.data as object).flatMap((name) => {
    const at = set[name]?.search(control) ?? -1;
    return at < 0 ? [] : [`${name}: has a line break or control character within, the ${at + 1}th; write it again`];
  });
  return problems.length === 0 ? { ok: true, value: parsed.data } : { ok: false, problems };
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
