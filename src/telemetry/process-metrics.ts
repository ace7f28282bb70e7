import { readdir } from 'node:fs/promises'
import process from 'node:process'
import { setInterval } from 'node:timers'
import manifest from '../../package.json' with { type: 'json' }
import type { Env } from '../env.ts'
import type { Family, Metrics } from './metrics.ts'

const TICK_MS = 500
const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

/**
 * Metrics of the process under the usual Prometheus names, and the delay of its timers. The delay
 * is measured here because Bun's `monitorEventLoopDelay` measures nothing.
 */
export function measureProcess(metrics: Metrics, { commit }: Pick<Env, 'commit'>): void {
  const lag = metrics.histogram(
    'super_zol_event_loop_lag_seconds',
    'How late a timer was, twice a second.',
    {
      buckets: BUCKETS,
    },
  )
  let due = performance.now() + TICK_MS
  setInterval(() => {
    const now = performance.now()
    lag.observe(Math.max(0, now - due) / 1000)
    due = now + TICK_MS
  }, TICK_MS).unref()
  const started = Date.now() / 1000 - process.uptime()
  metrics.families(async () => {
    const { rss, heapUsed } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    const descriptors = await readdir('/proc/self/fd').catch(() => null)
    return [
      one('super_zol_build_info', 'What runs.', 1, { version: manifest.version, commit }),
      one('process_resident_memory_bytes', 'Memory that is resident.', rss),
      one('process_heap_bytes', 'Memory that objects take.', heapUsed),
      {
        ...one('process_cpu_seconds_total', 'Time on processors.', (user + system) / 1e6),
        type: 'counter' as const,
      },
      one('process_start_time_seconds', 'When it started, since 1970.', started),
      ...(descriptors === null
        ? []
        : [one('process_open_fds', 'Files and sockets that are open.', descriptors.length)]),
    ]
  })
}

function one(
  name: string,
  help: string,
  value: number,
  labels: Record<string, string> = {},
): Family {
  return { name, help, type: 'gauge', samples: [{ value, labels }] }
}
