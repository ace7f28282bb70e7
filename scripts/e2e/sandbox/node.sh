#!/usr/bin/env bash
# node.sh NAME: holds the namespaces of a node: mounts and network of its own. Says `ready` and waits for its end.
set -euo pipefail
hostname "$1"
# what a pod mounts must be seen by the kubelet, and by nobody outside
mount --make-rshared /
for folder in /run /var/lib /var/log; do mount -t tmpfs -o size=256m,mode=755 node "$folder"; done
mkdir -p /run/lock /run/netns /var/lib/kubelet
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
echo ready
exec sleep infinity
