#!/bin/sh
# What the official image's entrypoint does of what is used here: makes the cluster and its database at the first start,
# lets everyone with the password in, and starts the server with the arguments that it was given.
set -eu
if [ "${1:-}" != postgres ]; then exec "$@"; fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  password=${POSTGRES_PASSWORD:-$(cat "${POSTGRES_PASSWORD_FILE:?Cannot make a cluster: set POSTGRES_PASSWORD}")}
  printf %s "$password" > /tmp/password
  initdb --username="$user" --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  database=${POSTGRES_DB:-$user}
  if [ "$database" != postgres ]; then
    printf 'create database "%s";\n' "$database" | postgres --single -D "$PGDATA" postgres >/dev/null
  fi
fi
exec "$@" -c "listen_addresses=*"
