import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../command.ts';
import { type Say, sayWhile } from '../progress.ts';
import { onPath } from '../search-path.ts';
import { inFolder, type ProgramPaths } from './program-paths.ts';
import { unavailable } from './unavailable.ts';

/** The Prometheus module's 0.3xx is the server's 3.xx. */
const prometheus = { module: 'github.com/prometheus/prometheus', version: 'v0.315.0', is: '3.15.0' };
const alertmanager = { module: 'github.com/prometheus/alertmanager', version: 'v0.34.2', is: '0.34.2' };

/** Both Go modules, built into `folder`. */
export async function goPrograms(folder: string, say: Say): Promise<ProgramPaths> {
  if (!existsSync(folder)) {
    if (onPath('go').length === 0) throw unavailable('A build needs go.');
    say(
      `Building Prometheus ${prometheus.is} and Alertmanager ${alertmanager.is} into ${folder}, once; takes minutes …`,
    );
    await sayWhile(say, 'building', () => build(folder));
  }
  return inFolder(folder);
}

async function build(folder: string): Promise<void> {
  // Beside, then renamed: what is in place is complete, whoever dies meanwhile.
  const beside = `${folder}.new`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(join(beside, 'bin'), { recursive: true });
  const server = await source(prometheus, join(beside, 'prometheus'));
  // Without the service discoveries of clouds, which are most of the program.
  const few = ['-tags', 'remove_all_sd,enable_kubernetes_sd'];
  await compile(server, prometheus.is, join(beside, 'bin'), [...few, './cmd/prometheus', './cmd/promtool']);
  const manager = await source(alertmanager, join(beside, 'alertmanager'));
  // The page that it embeds is built by another tool chain; the API needs none.
  const page = join(manager, 'ui', 'app', 'dist', 'index.html');
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, 'API only\n');
  await compile(manager, alertmanager.is, join(beside, 'bin'), ['./cmd/alertmanager', './cmd/amtool']);
  await rename(join(beside, 'bin'), folder);
  await rm(beside, { recursive: true, force: true });
}

/** A copy of the module: inside it its replace directives count, which `go install` refuses. */
async function source({ module, version }: typeof prometheus, into: string): Promise<string> {
  const answer = await step('go', ['mod', 'download', '-json', `${module}@${version}`], dirname(into));
  const { Dir } = JSON.parse(answer.slice(answer.indexOf('{'))) as { Dir: string };
  await cp(Dir, into, { recursive: true });
  // Go keeps its modules read-only.
  await chmod(into, 0o755);
  for (const each of await readdir(into, { recursive: true, withFileTypes: true })) {
    if (each.isDirectory()) await chmod(join(each.parentPath, each.name), 0o755);
  }
  return into;
}

async function compile(folder: string, version: string, into: string, what: readonly string[]): Promise<void> {
  const linked = `-s -w -X github.com/prometheus/common/version.Version=${version}`;
  const args = ['build', '-p=2', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', linked, '-o', `${into}/`];
  // Whoever waits for it goes on working.
  await step('nice', ['-n', '15', 'go', ...args, ...what], folder);
}

async function step(file: string, args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, GOWORK: 'off', CGO_ENABLED: '0' };
  const { code, output } = await runCommand(file, args, { cwd, env });
  if (code !== 0) throw unavailable(`"${file} ${args[0]}" ended with ${code}: ${output.trim().slice(-500)}`);
  return output;
}
