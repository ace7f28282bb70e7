#!/usr/bin/env bash
# backup.sh: dumps the database of DATABASE_URL as it is at one moment into BACKUP_DIR (/backups), with its checksum, proves
# that the dump can be read, and deletes what is older than the newest KEEP (14) dumps.
# Waits for the server for WAIT_SECONDS (60). Exit codes: 0 dumped, 1 not (what was there stays).
set -euo pipefail
: "${DATABASE_URL:?Cannot back up: DATABASE_URL is not set}"
dir=${BACKUP_DIR:-/backups}
keep=${KEEP:-14}
[[ $keep =~ ^[1-9][0-9]*$ ]] || { echo "Cannot back up: KEEP=$keep must be a whole number from 1" >&2; exit 1; }

# the network may refuse a new pod for seconds, until its policies know it
for _ in $(seq "${WAIT_SECONDS:-60}"); do
  if pg_isready --quiet --timeout=1 --dbname="$DATABASE_URL"; then break; fi
  sleep 1
done

name="super-zol-$(date -u +%Y%m%dT%H%M%SZ).dump"
rm -f "$dir"/*.partial
trap 'rm -f "$dir/$name.partial"' EXIT
pg_dump --format=custom --compress=6 --no-owner --no-privileges --lock-wait-timeout=60s --file="$dir/$name.partial" "$DATABASE_URL"
tables=$(pg_restore --list "$dir/$name.partial" | grep -c ' TABLE DATA ')
sha256=$(sha256sum <"$dir/$name.partial" | cut -d' ' -f1)
echo "$sha256  $name" >"$dir/$name.sha256"
sync "$dir/$name.partial"
mv "$dir/$name.partial" "$dir/$name"

# newest first, by the moment in the name
mapfile -t dumps < <(find "$dir" -maxdepth 1 -name 'super-zol-*.dump' -printf '%f\n' | sort -r)
for old in "${dumps[@]:keep}"; do rm -f "$dir/$old" "$dir/$old.sha256"; done
printf '{"backup":"%s","bytes":%s,"tables":%s,"sha256":"%s","kept":%s}\n' \
  "$name" "$(stat -c %s "$dir/$name")" "$tables" "$sha256" "$((${#dumps[@]} < keep ? ${#dumps[@]} : keep))"
