/** For npm in another folder: without what a surrounding `npm run` says about its own workspace. */
export function npmEnv(): NodeJS.ProcessEnv {
  const own = /^npm_config_(workspaces?|include_workspace_root|local_prefix|global|dry_run)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !own.test(key)));
}
