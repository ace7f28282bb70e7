import { expect, test } from 'bun:test'
import { createRequestLogger } from './log.ts'

test.each([
  ['all', 'info', 'info'],
  ['all', 'debug', 'debug'],
  ['errors', 'info', 'warn'],
  ['errors', 'error', 'error'],
  ['none', 'info', 'silent'],
] as const)(
  'LOG_REQUESTS=%s with LOG_LEVEL=%s logs requests from %s',
  (logRequests, logLevel, level) => {
    for (const logFormat of ['json', 'pretty'] as const) {
      expect(createRequestLogger({ logRequests, logLevel, logFormat }).level).toBe(level)
    }
  },
)
