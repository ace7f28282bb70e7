#!/usr/bin/env bash
# scripts/new-service.sh NAME: a module with a route, and a component that runs it as pods of its own (scripts/new/service.ts).
cd "$(dirname "$0")/.." && exec node scripts/setup.mjs scripts/new/service.ts "$@"
