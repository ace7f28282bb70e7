#!/usr/bin/env bash
# scripts/e2e.sh: makes a kind cluster, runs the overlay `local` in it, asks it what scripts/smoke.sh asks, rolls it under
# load, ingests the sample with the nightly job, and removes the cluster (KEEP=1 leaves it). Fails at the first step that does.
set -euo pipefail
cd "$(dirname "$0")/.."
namespace=super-zol-local
url=http://super-zol.localhost:8080
work=$(mktemp -d)
cluster() { kubectl --context kind-super-zol --namespace "$namespace" "$@"; }
step() { echo "== $* ($SECONDS s)"; }
finish() {
  local code=$?
  [ $code = 0 ] || { cluster get pods,events || true; cluster logs --selector app.kubernetes.io/name=api --tail=50 || true; } >&2
  [ -n "${KEEP:-}" ] || scripts/cluster.sh down --yes
  rm -rf "$work"
  exit $code
}
trap finish EXIT

step 'a cluster with our image'
scripts/cluster.sh up
scripts/cluster.sh load

step 'the overlay local, healthy within two minutes'
cluster apply --kustomize kustomize/overlays/local
cluster rollout status statefulset/postgres deployment/redis deployment/api --timeout=120s
for _ in $(seq 60); do curl --fail --silent --max-time 2 "$url/health/ready" >/dev/null && break; sleep 1; done

step 'it answers'
scripts/smoke.sh "$url"

step 'it rolls without a lost request'
cluster scale deployment/api --replicas=2
cluster rollout status deployment/api --timeout=120s
(
  # well within the limit of requests for one address
  while [ ! -e "$work/stop" ]; do
    curl --fail --silent --max-time 10 --output /dev/null "$url/v1/stores?per_page=1" && echo >>"$work/answered" || echo "$?" >>"$work/lost"
    sleep 0.2
  done
) &
cluster rollout restart deployment/api
cluster rollout status deployment/api --timeout=180s
touch "$work/stop"
wait
echo "answered $(wc -l <"$work/answered")"
[ ! -e "$work/lost" ] || { echo "Cannot roll without loss: $(wc -l <"$work/lost") requests were lost" >&2; exit 1; }

step 'the nightly job ingests the sample'
npm run --silent sample -- "$work/incoming" >/dev/null
cluster apply --filename - <<EOF
apiVersion: v1
kind: Pod
metadata: {name: carrier}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: carrier
      image: $(scripts/version.sh postgres)
      command: [sleep, '600']
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      resources: {requests: {cpu: 10m, memory: 32Mi}, limits: {cpu: 500m, memory: 128Mi, ephemeral-storage: 64Mi}}
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
EOF
cluster wait --for=condition=Ready pod/carrier --timeout=60s
cluster cp "$work/incoming" carrier:/data/incoming
cluster delete pod carrier --now
cluster create job --from=cronjob/ingest ingest-e2e
cluster wait --for=condition=complete job/ingest-e2e --timeout=180s
curl --fail --silent "$url/v1/ingestion/runs?per_page=1" | grep -q '"completed"'

step 'all of it is well'
