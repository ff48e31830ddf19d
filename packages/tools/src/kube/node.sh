#!/usr/bin/env bash
# Process 1 of a node's own network, mount and process namespace: everything of the node is below it, so that killing
# it ends and unmounts all. Programs come by PATH; node-form.ts gives the folders and arguments.
set -euo pipefail
: "${NODE_FOLDER:?}" "${NODE_IP:?}" "${HOST_IP:?}"
state=$NODE_FOLDER/state logs=$NODE_FOLDER/logs

keep() { # NAME ARGUMENTS: runs it, and again when it ends, as systemd would
  local name=$1
  shift
  (while :; do
    "$name" "$@" >> "$logs/$name.log" 2>&1 || true
    echo "$name ended and is started again" >> "$logs/$name.log"
    sleep 1
  done) &
}
arguments() { # NAME: the lines of its file
  mapfile -t args < "$NODE_FOLDER/arguments/$1"
}
start() {
  arguments "$1"
  keep "$1" "${args[@]}"
}

mount --make-rshared /
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$state/kubelet" /var/lib/kubelet
mount --bind "$state/pod-logs" /var/log/pods
mount --bind "$state/volumes" /tmp/hostpath_pv

# The kubelet would change settings of the whole machine; it is shown files that hold what it wants.
for set in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  shown=/run/$(tr / - <<< "${set%=*}")
  echo "${set#*=}" > "$shown"
  mount --bind "$shown" "/proc/sys/${set%=*}"
done

ip link set lo up
until ip link show parley1 > /dev/null 2>&1; do sleep 0.1; done
ip addr add "$NODE_IP/24" dev parley1
ip link set parley1 up
ip route add default via "$HOST_IP"
echo 1 > /proc/sys/net/ipv4/ip_forward

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/parley-kube
else # version 1
  for controller in /sys/fs/cgroup/*/; do mkdir -p "$controller/parley-kube" 2> /dev/null || true; done
  for set in cpus mems; do cat "/sys/fs/cgroup/cpuset/cpuset.$set" > "/sys/fs/cgroup/cpuset/parley-kube/cpuset.$set" || true; done
fi

start containerd
start etcd
start kube-apiserver
# The others read what is written when the API server has made its certificate.
until [ -e "$NODE_FOLDER/kubeconfigs-written" ]; do sleep 0.1; done
for name in kube-controller-manager kube-scheduler kube-proxy; do start "$name"; done
until [ -S /run/containerd/containerd.sock ] && ctr version > /dev/null 2>&1; do sleep 0.2; done
for archive in "$NODE_FOLDER"/images/*.tar; do ctr -n k8s.io images import "$archive" >> "$logs/images.log" 2>&1; done
start kubelet

trap 'exit 0' TERM INT
# A volume is made by the controller manager as root's alone; minikube's are everybody's, too.
while :; do
  chmod -f 0777 /tmp/hostpath_pv/* 2> /dev/null || true
  sleep 1 &
  wait $! || true
done
