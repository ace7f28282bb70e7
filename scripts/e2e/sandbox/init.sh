#!/usr/bin/env bash
# init.sh COMMAND…: the first process of the sandbox. Gives it mounts of its own over the folders that Kubernetes writes to,
# starts COMMAND and ends with its exit code; everything else in the sandbox ends with it.
set -euo pipefail
mount --make-rprivate /
for folder in /run /var/lib /var/log; do mount -t tmpfs -o size=512m,mode=755 sandbox "$folder"; done
mkdir -p /run/lock /var/lib/kubelet
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
"$@" &
wait $!
