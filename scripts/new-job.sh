#!/usr/bin/env bash
# scripts/new-job.sh NAME [--cron "0 3 * * *"]: a module with a command, and a component that runs it (scripts/new/job.ts).
cd "$(dirname "$0")/.." && exec node scripts/setup.mjs scripts/new/job.ts "$@"
