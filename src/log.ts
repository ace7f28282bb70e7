import { pino } from 'pino'
import { PinoPretty } from 'pino-pretty'
import type { Env } from './env.ts'

export type Logger = pino.Logger

/**
 * The log of a process, on standard output, or on `stderr` for a command whose output is its answer.
 * Both formats are written in this thread: a transport's worker thread loses the last lines of a process that exits.
 */
export function createLogger(env: Pick<Env, 'logLevel' | 'logFormat'>, to: 'stdout' | 'stderr' = 'stdout'): Logger {
  const { fd, isTTY } = process[to]
  const options: pino.LoggerOptions = { level: env.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (env.logFormat === 'json') return pino(options, pino.destination({ dest: fd, sync: true }))
  const pretty = PinoPretty({ sync: true, destination: fd, colorize: isTTY === true, translateTime: 'SYS:HH:MM:ss' })
  return pino(options, pretty)
}
