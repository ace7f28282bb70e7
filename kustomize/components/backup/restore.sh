#!/usr/bin/env bash
# restore.sh [FILE]: puts a dump of BACKUP_DIR (/backups) into the database of DATABASE_URL: FILE (an argument, or from the
# environment), or the newest. In one transaction: what was there is replaced, or, when anything fails, untouched.
# restore.sh --list names the dumps.
# Waits for the server for WAIT_SECONDS (60). Exit codes: 0 restored, 1 not.
set -euo pipefail
dir=${BACKUP_DIR:-/backups}
list() { find "$dir" -maxdepth 1 -name 'super-zol-*.dump' -printf '%f\n' | sort -r; }
if [ "${1:-}" = --list ]; then list; exit 0; fi
: "${DATABASE_URL:?Cannot restore: DATABASE_URL is not set}"

name=$(basename "${1:-${FILE:-$(list | sed -n 1p)}}")
if [ -z "$name" ]; then echo "Cannot restore: there is no dump in $dir" >&2; exit 1; fi
cd "$dir"
for file in "$name" "$name.sha256"; do
  [ -f "$file" ] || { echo "Cannot restore: $dir/$file is not there" >&2; exit 1; }
done
sha256sum --check --quiet "$name.sha256" || { echo "Cannot restore: $name is damaged" >&2; exit 1; }

# the network may refuse a new pod for seconds, until its policies know it
for _ in $(seq "${WAIT_SECONDS:-60}"); do
  if pg_isready --quiet --timeout=1 --dbname="$DATABASE_URL"; then break; fi
  sleep 1
done

# one transaction with the drops: the API answers from the old tables until the commit, and is told of it then
{
  echo "set lock_timeout = '60s'; set client_min_messages = warning;"
  psql --no-psqlrc --tuples-only --no-align --command "
    select format('drop schema %I cascade;', nspname) from pg_namespace
    where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
    union all
    select format('drop table public.%I cascade;', tablename) from pg_tables where schemaname = 'public'" "$DATABASE_URL"
  pg_restore --no-owner --no-privileges --file=- "$name"
  echo 'notify generation;'
} | psql --no-psqlrc --quiet --single-transaction --set=ON_ERROR_STOP=1 --output=/dev/null "$DATABASE_URL"
psql --no-psqlrc --quiet --command 'analyze' "$DATABASE_URL"
echo "{\"restored\":\"$name\"}"
