import { type ErrorCode, ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';

/** For npm in another folder: without what a surrounding `npm run` says about its own workspace. */
export function npmEnv(): NodeJS.ProcessEnv {
  const own = /^npm_config_(workspaces?|include_workspace_root|local_prefix|global|dry_run)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !own.test(key)));
}

/** Puts an npm package, without running any script of it, below a folder's node_modules. */
export async function installPackage(spec: string, folder: string, code: ErrorCode): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', '.', spec];
  const made = await runCommand(npm, args, { cwd: folder, env: npmEnv() });
  if (made.code !== 0) throw new ParleyError(code, `npm could not install ${spec}: ${made.output.trim()}.`);
}
