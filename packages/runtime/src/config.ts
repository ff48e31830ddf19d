import { ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** A process's environment, as `process.env` has it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where a control character stands in a setting, a line break included: no key, address or number has one. */
const control = /\p{Cc}/u;

/**
 * Reads a service's settings. White space around a value is no part of it, because files and secrets end with a line
 * break; what is empty then is unset (charts produce it). Every problem is named at once.
 * @throws ParleyError CONFIG_INVALID
 */
export function readEnv<S extends z.ZodType>(schema: S, env: Env): z.infer<S> {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  const set = Object.fromEntries(trimmed.filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  const problems = parsed.success
    ? Object.keys(parsed.data as object).flatMap((name) => {
        const at = set[name]?.search(control) ?? -1;
        return at < 0
          ? []
          : [`  ${name}: has a line break or control character within, the ${at + 1}th; write it again`];
      })
    : parsed.error.issues.map(({ path, message }) => {
        const isMissing = path.length === 1 && set[String(path[0])] === undefined;
        return `  ${path.join('.')}: ${isMissing ? 'is not set; docs/config.md says what it is for' : message}`;
      });
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new ParleyError('CONFIG_INVALID', `The environment has settings that cannot be used:\n${problems.join('\n')}`);
}
