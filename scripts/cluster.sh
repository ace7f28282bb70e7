#!/usr/bin/env bash
# scripts/cluster.sh COMMAND: a Kubernetes cluster on this machine, of kind or, with CLUSTER=minikube, of minikube.
#   tools    say which tools are there; `tools install` installs what Go can, and names the rest
#   up       make it with ingress, metrics and a registry; does nothing that is already done
#   load     our image into its nodes
#   down     remove it and all that is left of it; asks first (--yes does not ask)
#   status   what runs;  logs  what the API says;  hosts  where it answers;  doctor  why it may not
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${CLUSTER:-kind}
name=${CLUSTER_NAME:-super-zol}
registry=$name-registry
docker=${DOCKER:-docker}
namespace=super-zol-local
case $kind in
  kind) context=kind-$name ;;
  minikube) context=$name ;;
  *) echo "Cannot use CLUSTER=$kind: it must be kind or minikube" >&2; exit 2 ;;
esac

fail() { echo "Cannot $1: $2" >&2; exit 1; }
there() { command -v "$1" >/dev/null; }
cluster() { kubectl --context "$context" "$@"; }

# Where a tool comes from
source_of() {
  case $1 in
    "$docker") echo 'apt-get install docker.io, or https://docs.docker.com/engine/install' ;;
    kind) echo "go install sigs.k8s.io/kind@$(scripts/version.sh kind)" ;;
    kubectl) echo "https://kubernetes.io/docs/tasks/tools ($(scripts/version.sh kubectl))" ;;
    minikube) echo "https://minikube.sigs.k8s.io/docs/start ($(scripts/version.sh minikube))" ;;
    tilt) echo "https://docs.tilt.dev/install.html ($(scripts/version.sh tilt))" ;;
  esac
}

tools() {
  local tool missing=0
  for tool in "$docker" kubectl "$kind" tilt; do
    if ! there "$tool" && [ "${1:-}" = install ] && [ "$tool" = kind ] && there go; then
      go install "sigs.k8s.io/kind@$(scripts/version.sh kind)"
      PATH=$PATH:$(go env GOPATH)/bin
    fi
    if there "$tool"; then
      echo "there    $tool"
    else
      echo "missing  $tool: $(source_of "$tool")"
      [ "$tool" = tilt ] || missing=1
    fi
  done
  return $missing
}

need() {
  for tool in "$docker" kubectl "$kind"; do
    there "$tool" || fail "$1" "$tool is not there; $(source_of "$tool")"
  done
  "$docker" info >/dev/null 2>&1 || fail "$1" 'no Docker engine answers'
}

exists() {
  if [ "$kind" = kind ]; then kind get clusters 2>/dev/null | grep -qx "$name"
  else minikube profile list --output=json 2>/dev/null | grep -q "\"Name\":\"$name\""; fi
}

up() {
  need 'make the cluster'
  # one that does not answer is the rest of a broken start
  if exists && ! cluster get --raw=/readyz >/dev/null 2>&1; then remove; fi
  exists || make
  [ "$kind" = minikube ] || serve_registry
  if [ "$kind" = kind ]; then
    cluster apply --filename "$(scripts/version.sh metrics-server)"
    # kubelets of kind have certificates of their own
    cluster --namespace kube-system patch deployment metrics-server --type=json --patch \
      '[{"op": "replace", "path": "/spec/template/spec/containers/0/args", "value": ["--cert-dir=/tmp", "--secure-port=10250",
        "--kubelet-preferred-address-types=InternalIP", "--metric-resolution=15s", "--kubelet-insecure-tls"]}]'
  fi
  cluster apply --server-side --filename "$(scripts/version.sh traefik-crds)"
  cluster apply --kustomize kustomize/cluster/traefik
  cluster --namespace traefik rollout status deployment/traefik --timeout=180s
  echo "The cluster is up. Next: tilt up, or scripts/cluster.sh load && kubectl apply -k kustomize/overlays/local"
}

make() {
  if [ "$kind" = kind ]; then
    kind create cluster --name "$name" --image "$(scripts/version.sh kind-node)" --config scripts/cluster/kind.yaml --wait 180s
  else
    minikube start --profile "$name" --nodes 3 --kubernetes-version "$(scripts/version.sh kubernetes)" --addons metrics-server,registry
  fi
}

# The nodes know it as localhost:5001, as this machine does; Tilt reads that from the ConfigMap.
serve_registry() {
  local node
  if [ -z "$("$docker" ps --quiet --filter "name=^$registry$")" ]; then
    "$docker" rm --force "$registry" >/dev/null 2>&1 || true
    "$docker" run --detach --restart=always --publish 127.0.0.1:5001:5000 --network kind --name "$registry" "$(scripts/version.sh registry)"
  fi
  for node in $(kind get nodes --name "$name"); do
    "$docker" exec "$node" mkdir -p /etc/containerd/certs.d/localhost:5001
    "$docker" exec --interactive "$node" cp /dev/stdin /etc/containerd/certs.d/localhost:5001/hosts.toml <<<"[host.\"http://$registry:5000\"]"
  done
  cluster --namespace kube-public create configmap local-registry-hosting --dry-run=client --output=yaml \
    --from-literal='localRegistryHosting.v1=host: "localhost:5001"' | cluster apply --filename -
}

# Our image into the nodes, which takes no registry.
load() {
  local image
  need 'load the image'
  image=super-zol:$(sed -nE 's/^  "version": "(.*)",/\1/p' package.json)-local
  "$docker" image inspect "$image" >/dev/null 2>&1 || scripts/images.sh build
  if [ "$kind" = kind ]; then kind load docker-image "$image" --name "$name"
  else minikube image load "$image" --profile "$name"; fi
}

down() {
  local answer
  need 'remove the cluster'
  if [ "${1:-}" != --yes ]; then
    read -rp "Remove the cluster $name ($kind) with all of its data? [y/N] " answer || true
    [ "${answer:-}" = y ] || { echo 'Nothing is removed.'; return 1; }
  fi
  remove
  echo 'Nothing of it is left.'
}

# Orphans too: containers of nodes whose cluster is forgotten, and the registry.
remove() {
  local left
  if [ "$kind" = kind ]; then
    kind delete cluster --name "$name"
    left=$("$docker" ps --all --quiet --filter "label=io.x-k8s.kind.cluster=$name"; "$docker" ps --all --quiet --filter "name=^$registry$")
    # shellcheck disable=SC2086 # one word each
    [ -z "$left" ] || "$docker" rm --force --volumes $left >/dev/null
    # other clusters of kind may be on it
    "$docker" network rm kind >/dev/null 2>&1 || true
  else
    minikube delete --profile "$name"
  fi
}

hosts() {
  local host=super-zol.localhost:8080
  if [ "$kind" = minikube ]; then
    host=super-zol.localhost:30080
    echo "/etc/hosts needs   $(minikube ip --profile "$name") super-zol.localhost"
  fi
  echo "API       http://$host (browsers and curl know *.localhost)"
  echo "Swagger   http://$host/docs"
  echo "or        kubectl --context $context --namespace $namespace port-forward service/api 3000:80"
}

doctor() {
  local trouble=0
  check() {
    if "${@:2}" >/dev/null 2>&1; then echo "well     $1"; else echo "unwell   $1"; trouble=1; fi
  }
  tools here || trouble=1
  check 'a Docker engine answers' "$docker" info
  check "the cluster $name is there" exists
  check 'its API answers' cluster get --raw=/readyz
  check 'its nodes are ready' cluster wait --for=condition=Ready nodes --all --timeout=5s
  check 'it resolves names' cluster --namespace kube-system rollout status deployment/coredns --timeout=5s
  check 'Traefik runs' cluster --namespace traefik rollout status deployment/traefik --timeout=5s
  check 'metrics are measured' cluster top nodes
  check 'the API runs' cluster --namespace "$namespace" rollout status deployment/api --timeout=5s
  return $trouble
}

command=${1:-}
[ $# = 0 ] || shift
case $command in
  tools | up | load | down | hosts | doctor) "$command" "$@" ;;
  status) cluster get nodes; cluster --namespace "$namespace" get all ;;
  logs) cluster --namespace "$namespace" logs --selector app.kubernetes.io/name=api --all-containers --prefix --tail=100 "$@" ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
