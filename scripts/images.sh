#!/usr/bin/env bash
# scripts/images.sh [NAME…]
#   has images of versions.yaml here (bun, distroless, postgres and redis, or those that are named) and says under which
#   names, for eval: POSTGRES_IMAGE=… What no registry gives is made from Debian's packages (root, debootstrap), npm's Bun
#   and Go's versitygw. REGISTRIES=off asks no registry.
# scripts/images.sh build [TAG…]
#   builds super-zol:TAG, by default VERSION-local; TARGET=dev builds that stage instead
# scripts/images.sh publish [REPOSITORY TAG…]
#   builds for amd64 and arm64, with SBOM and provenance, and pushes REPOSITORY:TAG; without a REPOSITORY it only builds
# BUILD_NETWORK is the network of builds, where it is not the engine's own. DOCKER is the program to ask (docker); CA_FILE (NODE_EXTRA_CA_CERTS) holds further certificates for the build to trust.
set -euo pipefail
cd "$(dirname "$0")/.."
docker=${DOCKER:-docker}
ca=${CA_FILE:-${NODE_EXTRA_CA_CERTS:-}}
network=()
if [ -n "${BUILD_NETWORK:-}" ]; then network=(--network "$BUILD_NETWORK"); fi
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
export DOCKER_BUILDKIT=1

fail() { echo "Cannot make the images: $*" >&2; exit 1; }

have() {
  local name=$1 image stand_in
  image=$(scripts/version.sh "$name")
  stand_in=super-zol-$name:offline
  if ! "$docker" image inspect "$image" >/dev/null 2>&1 && ! pull "$image"; then
    "$docker" image inspect "$stand_in" >/dev/null 2>&1 || make_stand_in "$name" "$stand_in"
    image=$stand_in
  fi
  name=${name//-/_}
  echo "${name^^}_IMAGE=$image"
}

pull() {
  [ "${REGISTRIES:-on}" = on ] && timeout 300 "$docker" pull --quiet "$1" >/dev/null 2>&1
}

make_stand_in() {
  local name=$1 tag=$2 bun=node_modules/bun/bin/bun.exe
  grep -q " AS $name$" scripts/image/offline.Dockerfile || fail "no registry gives $name, and nothing stands in for it"
  echo "No registry gives $name: making $tag from Debian's packages" >&2
  "$docker" image inspect super-zol-debian >/dev/null 2>&1 || make_debian
  [ -f "$bun" ] || fail "$bun is not there; npm ci installs it"
  cp scripts/image/postgres-entrypoint.sh "$bun" "$work"
  if [ "$name" = s3 ]; then build_versitygw; fi
  "$docker" build "${network[@]}" --quiet --file scripts/image/offline.Dockerfile --target "$name" --tag "$tag" "$work" >&2 || fail "$tag failed"
}

build_versitygw() {
  command -v go >/dev/null || fail 'go is not there; it builds versitygw'
  GOBIN=$work go install "github.com/versity/versitygw/cmd/versitygw@$(scripts/version.sh versitygw)"
}

make_debian() {
  local suite
  command -v debootstrap >/dev/null || fail 'debootstrap is not there; apt-get install debootstrap installs it'
  [ "$(id -u)" = 0 ] || fail 'debootstrap needs root: run scripts/images.sh with sudo once'
  suite=$(scripts/version.sh debian)
  if ! debootstrap --variant=minbase --include=ca-certificates,netbase,tzdata "$suite" "$work/debian" >"$work/log" 2>&1; then
    tail -5 "$work/log" >&2
    fail 'debootstrap failed'
  fi
  tar -C "$work/debian" -c . | "$docker" import --message "debootstrap $suite" - super-zol-debian >&2
  rm -r --one-file-system "$work/debian"
}

version=$(sed -nE 's/^  "version": "(.*)",/\1/p' package.json)
commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)

build() {
  local images tag arguments=()
  images=$(have bun; have distroless)
  local BUN_IMAGE DISTROLESS_IMAGE
  eval "$images"
  if [ $# = 0 ]; then set -- "$version-local"; fi
  for tag in "$@"; do arguments+=(--tag "super-zol:$tag"); done
  if [ -n "$ca" ]; then arguments+=(--secret "id=ca,src=$ca"); fi
  "$docker" build "${network[@]}" --target "${TARGET:-production}" "${arguments[@]}" \
    --build-arg BUILD_IMAGE="$BUN_IMAGE" --build-arg BASE_IMAGE="$DISTROLESS_IMAGE" \
    --build-arg VERSION="$version" --build-arg COMMIT="$commit" . >&2
}

# The stage `production` only copies, so that nothing runs in emulation.
publish() {
  local repository=${1:-} tag arguments=(--output type=cacheonly)
  if [ $# -gt 0 ]; then shift; fi
  if [ -n "$repository" ]; then arguments=(--push --sbom=true --provenance=mode=max); fi
  for tag in "$@"; do arguments+=(--tag "$repository:$tag"); done
  "$docker" buildx build --platform linux/amd64,linux/arm64 --target production "${arguments[@]}" \
    --build-arg BUILD_IMAGE="$(scripts/version.sh bun)" --build-arg BASE_IMAGE="$(scripts/version.sh distroless)" \
    --build-arg VERSION="$version" --build-arg COMMIT="$commit" .
}

"$docker" version >/dev/null 2>&1 || fail 'no Docker engine answers'
case ${1:-} in
  build | publish) "$@" ;;
  '') for name in bun distroless postgres redis; do have "$name"; done ;;
  *) for name in "$@"; do have "$name"; done ;;
esac
