import process from 'node:process'
import { pino } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Env } from './env.ts'

export type Logger = pino.Logger

/** Times are UTC in both formats, and say so; levels have their names. */
const OPTIONS: pino.LoggerOptions = {
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (level) => ({ level }) },
}
const REQUESTS_BYTES = 8192
const REQUESTS_MS = 500

/**
 * The log of a process, on standard output, or on `stderr` for a command whose output is its answer.
 * Both formats are written in this thread: a transport's worker thread loses the last lines of a process that exits.
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
 * For a line about each request. A write for each would cost more than the line itself: JSON is written 8 KB at a time,
 * twice a second, and when the process exits; only one that is killed loses half a second of them.
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
