// A throw-away real Kubernetes: `npm run kube -- up`.
import { runFront } from './component/front.ts';
import { type KubeInfo, kube, kubeBuild, kubeLoadImages } from './kube/cluster.ts';
import { sayOnStderr } from './program.ts';

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

const formOf = (isApiOnly = false) => (isApiOnly ? ({ form: 'api' } as const) : {});

await runFront({
  component: kube,
  usage,
  flags: { 'api-only': { type: 'boolean' } },
  upOptions: (values) => formOf(values['api-only']),
  url: ({ url }) => url,
  started: forShell,
  about: (info) =>
    `up: Kubernetes ${info.version} (${info.form}), pid ${info.pid}\nurl: ${info.url}\nlogs: ${info.logs}\n${forShell(info)}`,
  commands: {
    build: (options, _words, values) => kubeBuild({ ...options, ...formOf(values['api-only']), say: sayOnStderr }),
    'load-image': (options, files) => kubeLoadImages(files, options),
  },
});

function forShell({ kubeconfig, path }: KubeInfo): string {
  return `export KUBECONFIG='${kubeconfig}' PATH='${path}':"$PATH"`;
}
