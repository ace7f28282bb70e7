import { expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(import.meta.resolve('./main.ts'))

/** Runs the server until `use` ends. */
async function serve<T>(args: string[], use: (endpoint: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--storage-port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    for await (const line of createInterface(child.stdout)) {
      const endpoint = /^KAGGLE_API_ENDPOINT=(.*)$/.exec(line)?.[1]
      if (endpoint !== undefined) return await use(endpoint)
    }
    throw new Error('Cannot use the server: it printed no address')
  } finally {
    child.kill()
  }
}

test('without a folder it serves the generated sample, one version per day', async () => {
  await serve(['--days', '2', '--dataset', 'super-zol/test'], async (endpoint) => {
    const view = await (await fetch(`${endpoint}/datasets/view/super-zol/test`)).json()
    expect(view).toMatchObject({
      currentVersionNumber: 2,
      versions: [{ versionNumber: 2 }, { versionNumber: 1 }],
    })
    const zip = await fetch(`${endpoint}/datasets/download/super-zol/test?datasetVersionNumber=1`)
    expect(zip.headers.get('content-type')).toBe('application/zip')
    const bytes = Buffer.from(await zip.arrayBuffer())
    expect(bytes.includes('price_full_file_')).toBe(true)
  })
})

test('produces the faults that its options name', async () => {
  const fault = JSON.stringify({ at: 'view', status: 429, retryAfter: '7' })
  await serve(['--days', '1', '--fault', fault], async (endpoint) => {
    const address = `${endpoint}/datasets/view/erlichsefi/israeli-supermarkets-2024`
    const first = await fetch(address)
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await fetch(address)).status).toBe(200)
  })
})
