#!/usr/bin/env bash
# scripts/compose.sh COMMAND…: docker compose with compose.yaml and the images that it needs, which are made where they are not
# there. `up -d` starts everything on http://localhost:3000, `down` ends it, `down -v` takes the data along, too.
set -euo pipefail
cd "$(dirname "$0")/.."
docker=${DOCKER:-docker}
version=$(sed -nE 's/^  "version": "(.*)",/\1/p' package.json)
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-super-zol}
export SUPER_ZOL_IMAGE=${SUPER_ZOL_IMAGE:-super-zol:$version-local}
images=$(scripts/images.sh postgres redis)
while read -r image; do export "${image?}"; done <<<"$images"
"$docker" image inspect "$SUPER_ZOL_IMAGE" >/dev/null 2>&1 || scripts/images.sh build "${SUPER_ZOL_IMAGE#super-zol:}"
if "$docker" compose version >/dev/null 2>&1; then exec "$docker" compose "$@"; fi
command -v docker-compose >/dev/null || { echo 'Cannot compose: install the plugin docker-compose' >&2; exit 1; }
exec docker-compose "$@"
