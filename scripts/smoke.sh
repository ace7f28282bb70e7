#!/usr/bin/env bash
# scripts/smoke.sh URL: asks a running super-zol what everybody asks first, and fails when an answer is not what it must be.
set -euo pipefail
url=${1:?usage: scripts/smoke.sh URL}
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
