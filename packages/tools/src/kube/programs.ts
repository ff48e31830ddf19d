export const kubernetesVersion = '1.35.4';
const etcdVersion = '3.6.16';
const containerdVersion = '2.2.9';
const coreDnsVersion = '1.14.7';

/** One `go build`: a module that does nothing but require another, and the programs that come of it. */
export interface GoBuild {
  /** Of its folder; holds the version, so that another version is another build. */
  readonly name: string;
  /** The oldest Go that it compiles with. */
  readonly go: string;
  /** What it requires, as "path version"; nothing for a program of its own. */
  readonly requires?: string;
  /** Packages of the programs; "." for the one whose text is `main`. */
  readonly packages: readonly string[];
  readonly flags?: readonly string[];
  /** Linker settings, as "variable=value". */
  readonly sets?: readonly string[];
  readonly main?: string;
  /** The program's name, where it is not that of its package's folder. */
  readonly program?: string;
}

const about = 'k8s.io/component-base/version';
const [major, minor] = kubernetesVersion.split('.');
const kubernetes = {
  go: '1.25.0',
  requires: `k8s.io/kubernetes v${kubernetesVersion}`,
  sets: [
    `${about}.gitVersion=v${kubernetesVersion}`,
    `${about}.gitMajor=${major}`,
    `${about}.gitMinor=${minor}`,
    `${about}.gitTreeState=clean`,
  ],
} as const;
const commands = (...names: string[]) => names.map((name) => `k8s.io/kubernetes/cmd/${name}`);

/** Enough to validate and admit: what a cluster says of a manifest, without running any of it. */
export const apiBuilds: readonly GoBuild[] = [
  {
    name: `etcd-${etcdVersion}`,
    go: '1.26.0',
    requires: `go.etcd.io/etcd/server/v3 v${etcdVersion}`,
    packages: ['go.etcd.io/etcd/server/v3'],
    program: 'etcd',
  },
  { ...kubernetes, name: `kubernetes-api-${kubernetesVersion}`, packages: commands('kube-apiserver', 'kubectl') },
];

const containerd = 'github.com/containerd/containerd/v2';
const coreDns = 'github.com/coredns/coredns';
const coreDnsPlugins = ['cache', 'errors', 'health', 'hosts', 'kubernetes', 'ready'];

/** Holds a pod's namespaces, and reaps what is orphaned in one that shares its processes. */
const pause = `package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for s := range signals {
		if s != syscall.SIGCHLD {
			return
		}
		for pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid > 0 && err == nil; {
			pid, err = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		}
	}
}
`;

/** CoreDNS with these plugins alone, in the order in which they are asked. */
const dns = `package main

import (
	"${coreDns}/core/dnsserver"
	"${coreDns}/coremain"
${coreDnsPlugins.map((plugin) => `	_ "${coreDns}/plugin/${plugin}"\n`).join('')})

func main() {
	dnsserver.Directives = []string{"health", "ready", "errors", "cache", "hosts", "kubernetes"}
	coremain.Run()
}
`;

/** What a node needs beyond the API server. */
export const nodeBuilds: readonly GoBuild[] = [
  {
    ...kubernetes,
    name: `kubernetes-node-${kubernetesVersion}`,
    packages: commands('kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'),
  },
  {
    name: `containerd-${containerdVersion}`,
    go: '1.25.0',
    requires: `${containerd} v${containerdVersion}`,
    packages: ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => `${containerd}/cmd/${name}`),
    flags: ['-tags=no_btrfs no_devmapper no_zfs'],
  },
  {
    name: `coredns-${coreDnsVersion}`,
    go: '1.25.0',
    requires: `${coreDns} v${coreDnsVersion}`,
    packages: ['.'],
    main: dns,
  },
  { name: 'pause-1', go: '1.25.0', packages: ['.'], main: pause },
];

/** The folder of a build whose text is here holds one program, named like this. */
export function programOf({ name, program }: GoBuild): string {
  return program ?? name.replace(/-[\d.]+$/, '');
}
