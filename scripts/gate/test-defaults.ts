import { setDefaultTimeout } from 'bun:test'

// on a busy machine a test that asks a real database may take longer than Bun's five seconds
setDefaultTimeout(30_000)

// runs that a test starts as processes ask no service on the internet
process.env.SETTLEMENTS_URL ??= 'off'
