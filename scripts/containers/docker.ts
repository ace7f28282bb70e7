import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { runTool, type ToolResult } from '../gate/run-tool.ts'

/** The Docker label of everything that the tests create; `removeAll` removes what has it. */
export const LABEL = 'super-zol-test'

/** The restrictions of every pod in a cluster as Docker options. */
export const RESTRICTED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges']

/** Runs docker and returns its result, whatever the exit code. */
export function tryDocker(args: string[]): Promise<ToolResult> {
  return runTool([process.env.DOCKER ?? 'docker', ...args])
}

/** Runs docker and returns what it printed. */
export async function docker(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryDocker(args)
  if (code !== 0)
    throw new Error(
      `Cannot docker ${args.slice(0, 2).join(' ')}: ${stderr.trim() || stdout.trim()}`,
    )
  return stdout.trim()
}

/** The URL on this machine of a container's port. */
export async function published(container: string, port: number): Promise<string> {
  const [address = ''] = (await docker('port', container, String(port))).split('\n')
  return `http://${address}`
}

/** Sends requests until the response is 200. */
export async function untilHealthy(url: string, giveUpAfterMs = 60_000): Promise<void> {
  const giveUp = Date.now() + giveUpAfterMs
  while (Date.now() < giveUp) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await sleep(20)
  }
  throw new Error(`Cannot get a healthy answer from ${url} in ${giveUpAfterMs / 1000} s`)
}

/** The memory of a container's first process, in MB of resident pages. */
export async function residentMegabytes(container: string): Promise<number> {
  const [, first = ''] = (await docker('top', container, '-o', 'pid,rss')).split('\n')
  return Number(first.trim().split(/\s+/)[1]) / 1024
}

/** Removes everything that tests created, also in runs that were killed. */
export async function removeAll(): Promise<void> {
  const find = async (...list: string[]) => {
    const names = await docker(...list, '--quiet', '--filter', `label=${LABEL}`)
    return names.split('\n').filter((name) => name !== '')
  }
  for (const name of await find('ps', '--all')) await docker('rm', '--force', '--volumes', name)
  for (const name of await find('volume', 'ls')) await docker('volume', 'rm', name)
  for (const name of await find('network', 'ls')) await docker('network', 'rm', name)
}
