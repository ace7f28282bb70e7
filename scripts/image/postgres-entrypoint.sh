#!/bin/sh
# What the official image's entrypoint does, of what is used here: makes the cluster and its database at the first start,
# lets in whoever has the password, and starts the server with the arguments that it was given.
set -eu
case "${1:-}" in
  -*) set -- postgres "$@" ;;
  postgres) ;;
  *) exec "$@" ;;
esac
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  printf %s "${POSTGRES_PASSWORD:?Cannot make the cluster: set POSTGRES_PASSWORD}" > /tmp/password
  # shellcheck disable=SC2086 # several arguments in one variable, as in the official image
  initdb --username="$user" --pwfile=/tmp/password --auth=scram-sha-256 ${POSTGRES_INITDB_ARGS:-} >/dev/null
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  if [ "$database" != postgres ]; then
    printf 'create database "%s";\n' "$database" | postgres --single -D "$PGDATA" postgres >/dev/null
  fi
fi
exec "$@" -c 'listen_addresses=*'
