#!/usr/bin/env bash
# Installs schemathesis into .data/schemathesis, for npm run test:contract. Needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(scripts/version.sh schemathesis)
folder=.data/schemathesis
if [ "$("$folder/bin/pip" show schemathesis 2>/dev/null | sed -n 's/^Version: //p')" != "$version" ]; then
  python3 -m venv --clear "$folder"
  "$folder/bin/pip" install -q --disable-pip-version-check "schemathesis==$version"
fi
