import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from './command.ts';
import { makeOnce } from './component/shared-folder.ts';
import { exe, onPath } from './installed-programs.ts';
import type { Say } from './progress.ts';

const module = 'github.com/rhysd/actionlint';
const version = 'v1.7.12';
const code = 'LINTER_UNAVAILABLE';

export interface ActionlintProgram {
  readonly path: string;
  /** Such as "v1.7.12". */
  readonly version: string;
}

/**
 * actionlint, which knows what GitHub does with a workflow: built from its Go module into the cache folder, once, in
 * seconds. Whichever is installed does not count: another version finds other things.
 * @throws ParleyError LINTER_UNAVAILABLE: no Go, no network, or the compiler refuses.
 */
export async function findActionlint(home: string, say: Say = () => {}): Promise<ActionlintProgram> {
  const shared = join(resolve(home), 'actionlint');
  const folder = join(shared, version);
  const found = { path: join(folder, `actionlint${exe}`), version };
  if (existsSync(folder)) return found;
  if (onPath('go').length === 0) throw unavailable('actionlint is built with Go, and "go" is not on PATH. Install Go.');
  const announcement = `Building actionlint ${version} into ${folder}, once …`;
  const lock = join(shared, 'build.lock');
  await makeOnce({ folder, lock, code, announcement, doing: 'building actionlint', say }, async (beside) => {
    const env = { ...process.env, GOBIN: beside, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };
    const what = ['install', '-trimpath', `${module}/cmd/actionlint@${version}`];
    const made = await runCommand('go', what, { cwd: beside, env });
    if (made.code !== 0) throw unavailable(`actionlint could not be built: ${made.output.trim().slice(-500)}`);
    return beside;
  });
  return found;
}

function unavailable(why: string): ParleyError {
  return new ParleyError(code, why);
}
