#!/usr/bin/env bash
# scripts/smoke.sh URL [LOGS…]: asks a running super-zol what everybody asks first, and fails when an answer is not what it
# must be. LOGS is a command that prints the server's log: it must show the id of a request that was sent to URL, so that
# another server on the same port is not taken for it.
set -euo pipefail
url=${1:?usage: scripts/smoke.sh URL [LOGS…]}
shift
logs=("$@")
failed=0
ask() {
  local path=$1 status=$2 pattern=$3 body
  shift 3
  body=$(curl --silent --show-error --max-time 10 --write-out '\n%{http_code}' "$@" "$url$path") || body="${body:-} 0"
  if [ "${body##*$'\n'}" = "$status" ] && grep -q "$pattern" <<<"$body"; then
    echo "well     $path"
  else
    echo "unwell   $path: wanted $status and $pattern, got: $(head -c 300 <<<"$body")"
    failed=1
  fi
}
if [ "${#logs[@]}" -gt 0 ]; then
  id=smoke-$$-$RANDOM$RANDOM
  curl --silent --max-time 10 --output /dev/null --header "X-Request-Id: $id" "$url/v1/chains" || true
  shown() { [[ $("${logs[@]}") == *"$id"* ]]; }
  for _ in 1 2 3 4 5; do
    if shown; then break; fi
    sleep 1
  done
  if ! shown; then
    echo "Cannot check $url: another server answers there (its port was taken); free the port and start again" >&2
    exit 1
  fi
  echo "well     $url is the server of: ${logs[*]}"
fi
ask /health/live 200 '"live"'
ask /health/ready 200 '"database":true'
ask '/v1/products?per_page=1' 200 '"product_name"'
ask '/v1/prices?per_page=1' 200 '"valid_from"'
ask '/v1/stores?per_page=1' 200 '"store_name"'
ask '/v1/products?per_page=0' 400 VALIDATION_ERROR
ask /v1/nothing 404 '"code"'
ask /docs/json 200 '"openapi"'
etag=$(curl --silent --max-time 10 --output /dev/null --dump-header - "$url/v1/chains" | sed -nE 's/^etag: (.*)\r$/\1/Ip')
ask /v1/chains 304 '' --header "If-None-Match: $etag"
exit $failed
