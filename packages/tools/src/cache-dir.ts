import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where downloads and throw-away state live. PARLEY_CACHE_DIR names the folder itself; otherwise it is "parley" in the
 * user's cache folder. An empty variable counts as unset. Source: XDG Base Directory Specification 0.8 §3.
 */
export function cacheDir(env: Readonly<Record<string, string | undefined>>): string {
  return env.PARLEY_CACHE_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley');
}
