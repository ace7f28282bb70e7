import process from 'node:process'
import { pino } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Env } from './env.ts'

export type Logger = pino.Logger

/** In both formats, times are in UTC with a marker and levels are names. */
const OPTIONS: pino.LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
}
const REQUESTS_BYTES = 8192
const REQUESTS_MS = 500

/**
 * Creates the logger of a process. It writes to standard output, or to `stderr` for commands with
 * results on standard output. Both formats are written in this thread, because a worker thread
 * would lose the last lines when the process exits.
 */
export function createLogger(
  env: Pick<Env, 'logLevel' | 'logFormat'>,
  to: 'stdout' | 'stderr' = 'stdout',
): Logger {
  const { fd, isTTY } = process[to]
  const options = { ...OPTIONS, level: env.logLevel }
  if (env.logFormat === 'json') return pino(options, pino.destination({ dest: fd, sync: true }))
  const pretty = PinoPretty({
    sync: true,
    destination: fd,
    colorize: isTTY === true,
    translateTime: "UTC:HH:MM:ss'Z'",
  })
  return pino(options, pretty)
}

/**
 * Creates the logger for request lines. JSON is buffered and written per 8 KB, twice a second and
 * at exit, because a write for each line would be slow. A killed process loses up to half a second
 * of lines.
 */
export function createRequestLogger(
  env: Pick<Env, 'logLevel' | 'logFormat' | 'logRequests'>,
): Logger {
  const level = requestLevel(env)
  if (env.logFormat === 'pretty') return createLogger({ ...env, logLevel: level })
  const destination = pino.destination({
    dest: process.stdout.fd,
    sync: true,
    minLength: REQUESTS_BYTES,
    periodicFlush: REQUESTS_MS,
  })
  process.on('exit', () => destination.flushSync())
  return pino({ ...OPTIONS, level }, destination)
}

function requestLevel({
  logLevel,
  logRequests,
}: Pick<Env, 'logLevel' | 'logRequests'>): Env['logLevel'] {
  if (logRequests === 'none') return 'silent'
  return logRequests === 'errors' && /info|debug|trace/.test(logLevel) ? 'warn' : logLevel
}
