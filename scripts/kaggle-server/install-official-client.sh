#!/usr/bin/env bash
# Installs Kaggle's own client into .data/kaggle-client, for official-client.test.ts. Needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(scripts/version.sh kaggle)
folder=.data/kaggle-client
if [ "$("$folder/bin/pip" show kaggle 2>/dev/null | sed -n 's/^Version: //p')" != "$version" ]; then
  python3 -m venv --clear "$folder"
  "$folder/bin/pip" install -q --disable-pip-version-check "kaggle==$version"
fi
