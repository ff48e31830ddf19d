import { join } from 'node:path';
import { apiServerArgs, etcdArgs, serviceNetwork } from './api-server.ts';
import { type Kept, keyFile, type Place, type User } from './place.ts';

/** The two ends of the cable between this machine and the node. */
export const hostAddress = '10.240.0.1';
export const nodeAddress = '10.240.0.2';
export const podNetwork = '10.244.0.0/16';
const dnsAddress = '10.96.0.10';
export const pauseImage = 'docker.io/parley-kube/pause:1';
export const dnsImage = 'docker.io/parley-kube/coredns:1';

export const cniFolders = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'];

export function kubeconfigOf({ keys }: Place, user: User): string {
  return join(keys, `${user}.kubeconfig`);
}

/** The arguments of every program of the node, a line each. */
export function nodeArguments(at: Place, kept: Kept): Readonly<Record<string, readonly string[]>> {
  const config = (name: string) => join(at.folder, 'settings', name);
  const key = (name: keyof typeof keyFile) => join(at.keys, keyFile[name]);
  return {
    containerd: ['--config', config('containerd.toml'), '--log-level', 'warn'],
    etcd: etcdArgs(at, kept),
    'kube-apiserver': [
      ...apiServerArgs(at, kept, nodeAddress),
      ...['--kubelet-preferred-address-types', 'InternalIP', '--enable-admission-plugins', 'NodeRestriction'],
    ],
    'kube-controller-manager': [
      ...['--kubeconfig', kubeconfigOf(at, 'kube-controller-manager'), '--leader-elect=false'],
      ...['--use-service-account-credentials', '--service-account-private-key-file', key('signing')],
      ...['--root-ca-file', key('certificate'), '--service-cluster-ip-range', serviceNetwork],
      ...['--cluster-cidr', podNetwork, '--enable-hostpath-provisioner'],
    ],
    'kube-scheduler': ['--kubeconfig', kubeconfigOf(at, 'kube-scheduler'), '--leader-elect=false'],
    'kube-proxy': ['--config', config('proxy.json')],
    kubelet: [
      ...['--config', config('kubelet.json'), '--kubeconfig', kubeconfigOf(at, 'kubelet')],
      ...['--hostname-override', 'parley', '--node-ip', nodeAddress],
    ],
  };
}

/** Files of `settings`. */
export function nodeSettings(at: Place): Readonly<Record<string, string>> {
  return {
    'containerd.toml': containerdToml(at),
    'cni/10-parley.conflist': JSON.stringify(podCables),
    'kubelet.json': JSON.stringify(kubelet(at)),
    'proxy.json': JSON.stringify(proxy(at)),
    'resolv.conf': 'nameserver 127.0.0.1\n',
  };
}

/** Every pod has a cable of its own to the node, which routes. */
const podCables = {
  cniVersion: '1.0.0',
  name: 'parley',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: {
        type: 'host-local',
        dataDir: '/run/cni-ipam',
        ranges: [[{ subnet: podNetwork.replace('/16', '/24') }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
  ],
};

/** Source: containerd, docs/cri/config.md, version 3. */
function containerdToml({ folder }: Place): string {
  const cri = 'io.containerd.cri.v1';
  return `version = 3
root = "${folder}/state/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.nri.v1.nri", "io.containerd.internal.v1.tracing", "io.containerd.snapshotter.v1.erofs"]
[plugins.'${cri}.images'.pinned_images]
  sandbox = '${pauseImage}'
[plugins.'${cri}.runtime']
  # A container's own root may not lower it everywhere.
  restrict_oom_score_adj = true
[plugins.'${cri}.runtime'.cni]
  bin_dirs = [${cniFolders.map((each) => `'${each}'`).join(', ')}]
  conf_dir = '${folder}/settings/cni'
[plugins.'${cri}.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'
[plugins.'${cri}.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}

/** It believes whoever reaches it, which is this machine and the pods of a cluster that is thrown away. */
function kubelet({ folder }: Place) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: '/parley-kube',
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    clusterDNS: [dnsAddress],
    clusterDomain: 'cluster.local',
    resolvConf: `${folder}/settings/resolv.conf`,
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    maxPods: 100,
  };
}

function proxy(at: Place) {
  const noLimit = { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' };
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    clusterCIDR: podNetwork,
    clientConnection: { kubeconfig: kubeconfigOf(at, 'kube-proxy') },
    hostnameOverride: 'parley',
    // Its limits are the whole machine's.
    conntrack: noLimit,
  };
}
