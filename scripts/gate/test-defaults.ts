import { readFileSync } from 'node:fs'
import process from 'node:process'
import { plugin } from 'bun'
import { openTestServer } from '../../src/testing/test-database.ts'

/** Bun's limit of five seconds is too short for tests with a real database on a busy machine. */
const TIMEOUT_MS = 60_000

// `setDefaultTimeout` holds for one file, and Bun 1.4 has no setting for all of them
plugin({
  name: 'test timeout',
  setup: ({ onLoad }) => {
    const first = `import { setDefaultTimeout as limit } from 'bun:test'; limit(${TIMEOUT_MS});`
    onLoad({ filter: /\.test\.ts$/ }, ({ path }) => {
      return { loader: 'ts', contents: first + readFileSync(path, 'utf8') }
    })
  },
})

// processes that a test starts must not call services on the internet
process.env.SETTLEMENTS_URL ??= 'off'

// one container for all files of this process
if (process.env.TEST_DATABASE === 'container')
  process.env.TEST_DATABASE_URL = (await openTestServer()).url
