import { setDefaultTimeout } from 'bun:test'

// on a busy machine a test that asks a real database may take longer than Bun's five seconds
setDefaultTimeout(30_000)
