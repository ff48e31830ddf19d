// A throw-away real Kubernetes: `npm run kube -- up`.
import { parseArgs } from 'node:util';
import { type KubeInfo, kubeBuild, kubeDown, kubeLoadImages, kubeStatus, kubeUp } from './kube/cluster.ts';
import { componentFlags, runProgram, sayOnStderr } from './program.ts';

const usage = `npm run kube -- <command> [--name NAME]

  up [--api-only]             starts it, building it first, and prints what a shell needs to use it
  build [--api-only]          builds it without starting it
  down [--purge]              ends it and all that runs on it; --purge throws its data away
  load-image FILE …           gives the node images, as "npm run images -- --save FOLDER" writes them
  status | url                what runs; the address of its API server alone

--api-only is etcd and an API server: it validates and admits manifests and runs nothing; any account may start it.
Without it there is a node, too, which runs pods: root on Linux, with runc, nftables, containernetworking-plugins and
buildah or docker; one at a time. Both are built with Go at first use, which takes minutes.
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...componentFlags, 'api-only': { type: 'boolean' } },
  });
  const options = values.name === undefined ? {} : { name: values.name };
  const chosen = { ...options, ...(values['api-only'] && { form: 'api' as const }), say: sayOnStderr };
  const [command = 'help', ...files] = values.help ? [] : positionals;
  switch (files.length > 0 && command !== 'load-image' ? 'help' : command) {
    case 'up':
      console.log(forShell(await kubeUp(chosen)));
      return 0;
    case 'build':
      await kubeBuild(chosen);
      return 0;
    case 'load-image':
      await kubeLoadImages(files, options);
      return 0;
    case 'down':
      await kubeDown({ ...options, isPurged: values.purge ?? false });
      return 0;
    case 'status':
    case 'url': {
      const running = await kubeStatus(options);
      if (running === undefined) {
        console.error('down');
        return 3;
      }
      const { url, version, form, pid, logs } = running;
      const about = `up: Kubernetes ${version} (${form}), pid ${pid}\nurl: ${url}\nlogs: ${logs}\n${forShell(running)}`;
      console.log(command === 'url' ? url : about);
      return 0;
    }
    default:
      console.error(usage);
      return values.help ? 0 : 2;
  }
}

function forShell({ kubeconfig, path }: KubeInfo): string {
  return `export KUBECONFIG='${kubeconfig}' PATH='${path}':"$PATH"`;
}

await runProgram(main);
