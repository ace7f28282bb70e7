import { setDefaultTimeout } from 'bun:test'
import process from 'node:process'
import { openTestServer } from '../../src/testing/test-database.ts'

// on a busy machine a test that asks a real database may take longer than Bun's five seconds
setDefaultTimeout(30_000)

// runs that a test starts as processes ask no service on the internet
process.env.SETTLEMENTS_URL ??= 'off'

// one container for all files of this process
if (process.env.TEST_DATABASE === 'container')
  process.env.TEST_DATABASE_URL = (await openTestServer()).url
