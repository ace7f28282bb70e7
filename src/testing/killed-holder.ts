import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/**
 * Kills a process that uses the embedded server of a folder; the server keeps running.
 * @returns the server's URL
 */
export async function killHolder(dataDir: string): Promise<string> {
  const module = fileURLToPath(new URL('../db/embedded.ts', import.meta.url).href)
  const source = `
    import { openEmbedded } from ${JSON.stringify(module)}
    const { url } = await openEmbedded(${JSON.stringify(dataDir)}, { durable: false })
    console.log(url)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (text) => resolve(String(text).trim())),
  )
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  return url
}
