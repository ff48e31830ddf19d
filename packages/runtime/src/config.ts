import { ParleyError } from '@parley/contracts';
import type { z } from 'zod';

/** A process's environment, as `process.env` has it. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's settings. An empty string is unset (charts produce them); every problem is named at once.
 * @throws ParleyError CONFIG_INVALID
 */
export function readEnv<S extends z.ZodType>(schema: S, env: Env): z.infer<S> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const isMissing = path.length === 1 && set[String(path[0])] === undefined;
    return `  ${path.join('.')}: ${isMissing ? 'is not set; docs/config.md says what it is for' : message}`;
  });
  throw new ParleyError('CONFIG_INVALID', `The environment has settings that cannot be used:\n${problems.join('\n')}`);
}
