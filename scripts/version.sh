#!/usr/bin/env bash
# scripts/version.sh NAME: what versions.yaml says of NAME (an image with its registry, tag and digest).
set -euo pipefail
name=${1:?usage: scripts/version.sh NAME}
file="$(dirname "$0")/../versions.yaml"
value=$(sed -nE "s/^  ${name}: +([^ ]+).*/\1/p" "$file")
[ -n "$value" ] || { echo "Cannot tell the version of $name: versions.yaml does not name it" >&2; exit 1; }
echo "$value"
