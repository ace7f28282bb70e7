import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis } from '../cache/redis.ts'
import { type Database, openDatabase } from '../db/database.ts'
import { readGeneration } from '../db/generation.ts'
import { migrateUp } from '../db/migrate.ts'
import { type Env, readEnv } from '../env.ts'
import { SECURITY_HEADERS } from '../http/answer/answer-headers.ts'
import { requestIdOf } from '../http/answer/request-id.ts'
import { isExported } from '../http/export/export-list.ts'
import { notePeer } from '../http/peer.ts'
import { withHost } from '../http/request-host.ts'
import { israelIso } from '../israel-time.ts'
import { createLogger, createRequestLogger, type Logger } from '../log.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { metricsAnswer } from '../telemetry/metrics-routes.ts'
import { measureProcess } from '../telemetry/process-metrics.ts'
import { createRunStarter, type RunStarter } from './run-starter.ts'
import { onStopSignal } from './stop-signals.ts'

/** The time for active requests to finish when the process stops. */
const GRACE_MS = 10_000
/**
 * Larger than the limit of any route, so that slightly too large bodies get the error of the API.
 */
const MAX_BODY_BYTES = 1 << 20

type Fetch = (request: Request, server: Server) => Response | Promise<Response>

/** An HTTP server of the runtime. */
export type Server = {
  requestIP(request: Request): { address: string } | null
  /** Sets the idle timeout of a request in seconds; 0 for none. */
  timeout?(request: Request, seconds: number): void
  hostname?: string | undefined
  port?: number | undefined
  reload(options: { fetch: Fetch }): unknown
  stop(now?: boolean): Promise<void>
}
export type Listen = (options: {
  port: number
  hostname: string
  fetch: Fetch
  idleTimeout: number
  maxRequestBodySize: number
}) => Server

/** `serve`: runs the API until a signal. Returns the exit code. */
export async function run(listen: Listen): Promise<number> {
  const began = performance.now()
  const env = readEnv(process.env)
  const log = createLogger(env)
  const server = takePort(env, listen)
  const metrics = createMetrics()
  measureProcess(metrics, env)
  const metricsServer =
    env.metricsPort === null
      ? server
      : takePort({ ...env, port: env.metricsPort }, listen, {
          setting: 'METRICS_PORT',
          fetch: () => metricsAnswer(metrics),
        })
  // a stop during the start waits for this promise
  const runs = createRunStarter(log)
  const stopping = new AbortController()
  const starting = start({ env, log, runs, metrics, stopping: stopping.signal }, server)
  const stopped = stopOnSignals(log, async () => {
    stopping.abort()
    await sleep(env.stopDelaySeconds * 1000)
    await finishRequests(server)
    await runs.stop()
    const database = await starting.catch(() => undefined)
    await database?.close()
  })
  await starting
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (env.logFormat === 'pretty') console.log(banner(server, seconds))
  else log.info({ ...addresses(server, metricsServer), seconds: Number(seconds) }, 'listening')
  return stopped
}

/** Opens the port before anything else, and answers 503 until the app is ready. */
function takePort(
  { port, host }: Env,
  listen: Listen,
  { setting, fetch }: { setting: string; fetch: Fetch } = { setting: 'PORT', fetch: notYet },
): Server {
  try {
    return listen({
      port,
      hostname: host,
      fetch,
      idleTimeout: 60,
      maxRequestBodySize: MAX_BODY_BYTES,
    })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const reason =
      code === 'EADDRINUSE'
        ? `the port is taken; stop what uses it, or set ${setting} to another`
        : message(cause)
    throw new Error(`Cannot listen on ${host}:${port}: ${reason}`, { cause })
  }
}

function notYet(request: Request): Response {
  const request_id = requestIdOf(request)
  const message = 'The service is starting: try again in a moment'
  const error = {
    code: 'STARTING',
    message,
    status: 503,
    timestamp: israelIso(Date.now()),
    request_id,
  }
  const headers = {
    ...SECURITY_HEADERS,
    'x-request-id': request_id,
    'retry-after': '2',
    'cache-control': 'no-store',
  }
  return Response.json({ error }, { status: 503, headers })
}

type Process = { env: Env; log: Logger; runs: RunStarter; metrics: Metrics; stopping: AbortSignal }

async function start(
  { env, log, runs, metrics, stopping }: Process,
  server: Server,
): Promise<Database> {
  const limits = { max: env.databasePool, statementMs: env.queryTimeoutSeconds * 1000 }
  const database = await openDatabase(env, log, limits)
  try {
    const applied = await migrateUp(database.sql)
    if (applied.length > 0) log.info({ migrations: applied }, 'migrated the database')
    await loadSample(env, log, database)
    const { createApp } = await import('../app.ts')
    const redis = env.redisUrl === '' ? null : openRedis(env.redisUrl, log)
    const requestLog = createRequestLogger(env)
    const tracer =
      env.otlpEndpoint === ''
        ? null
        : (await import('../telemetry/tracing.ts')).openTracer(env, log)
    const app = createApp({
      sql: database.sql,
      redis,
      log,
      env,
      startRun: runs.startRun,
      requestLog,
      metrics,
      tracer,
      stopping,
    })
    server.reload({
      fetch: async (received, server) => {
        const request = withHost(received)
        notePeer(request, server.requestIP(received)?.address)
        const response = await app.fetch(request)
        // exports are limited by EXPORT_TIMEOUT_SECONDS and not by the idle timeout of the socket
        if (isExported(response)) server.timeout?.(received, 0)
        return response
      },
    })
    const close = async () => {
      redis?.close()
      await tracer?.close()
      requestLog.flush()
      await database.close()
    }
    return { ...database, close }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Loads the generated sample into a database without any published data. */
async function loadSample(env: Env, log: Logger, { sql, url }: Database): Promise<void> {
  if (env.sampleData === 'off' || (await readGeneration(sql)).number > 0) return
  log.info('loading the sample dataset (SAMPLE_DATA=off starts without it)')
  const { loadSampleDataset } = await import('../../scripts/sample/load.ts')
  await loadSampleDataset(url, { dataDir: env.dataDir, staleAfterDays: env.staleAfterDays, log })
}

/** Refuses new connections, and waits up to GRACE_MS for active requests. */
async function finishRequests(server: Server): Promise<void> {
  const late = setTimeout(() => server.stop(true), GRACE_MS)
  await server.stop()
  clearTimeout(late)
}

/** Resolves to the exit code after a signal has stopped the process. */
function stopOnSignals(log: Logger, stop: () => Promise<void>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  onStopSignal((signal) => {
    log.info({ signal }, 'stopping')
    const inOrder = () => {
      log.info('stopped')
      resolve(0)
    }
    stop().then(inOrder, (error: unknown) => {
      log.error({ err: error }, 'Cannot stop in order')
      resolve(1)
    })
  })
  return promise
}

function addresses(server: Server, metricsServer: Server) {
  const url = address(server)
  return { url, docs: `${url}/docs`, metrics: `${address(metricsServer)}/metrics` }
}

function address({ hostname, port }: Server): string {
  const host =
    hostname === undefined || /^(127\.0\.0\.1|0\.0\.0\.0|::1?)$/.test(hostname)
      ? 'localhost'
      : hostname
  return `http://${host}:${port}`
}

function banner(server: Server, seconds: string): string {
  const url = address(server)
  return `
super-zol listens on ${url} (started in ${seconds} s)

  Ask           curl '${url}/v1/products?q=חלב'
  Read          ${url}/docs (Swagger)
  Load          npm run ingest -- PATH… (dataset versions from Kaggle: zips or folders)
  Stop          Ctrl-C
`
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
