import { dnsImage, hostAddress } from './node-settings.ts';

const namespace = 'kube-system';
const coredns = { name: 'coredns', namespace };
const systemCoredns = { name: 'system:coredns' };
const watching = ['list', 'watch'];

const corefile = `.:5353 {
  errors
  health :8080
  ready :8181
  hosts {
    ${hostAddress} host.minikube.internal
    fallthrough
  }
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
  }
  cache 5
}
`;

const container = {
  name: 'coredns',
  image: dnsImage,
  imagePullPolicy: 'Never',
  args: ['-conf', '/etc/coredns/Corefile'],
  readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  volumeMounts: [{ name: 'settings', mountPath: '/etc/coredns', readOnly: true }],
};

/** What every cluster has beyond its programs: names for services, and volumes for whoever asks, as minikube has them. */
export const nodeAddons = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'kubernetes.io/host-path',
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: coredns },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: systemCoredns,
    rules: [
      { apiGroups: [''], resources: ['services', 'pods', 'namespaces', 'endpoints'], verbs: watching },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: watching },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: systemCoredns,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
    subjects: [{ kind: 'ServiceAccount', ...coredns }],
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: coredns, data: { Corefile: corefile } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...coredns, labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      template: {
        metadata: { labels: { 'k8s-app': 'kube-dns' } },
        spec: {
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          priorityClassName: 'system-cluster-critical',
          containers: [container],
          volumes: [{ name: 'settings', configMap: { name: 'coredns' } }],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace, labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      clusterIP: '10.96.0.10',
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, targetPort: 5353, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 5353, protocol: 'TCP' },
      ],
    },
  },
];
