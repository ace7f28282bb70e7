import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import process from 'node:process'
import { ROOT, runTool } from '../../gate/run-tool.ts'
import { run } from '../programs/run.ts'

const PREFIX = 'super-zol-e2e-'
const CGROUPS = '/sys/fs/cgroup'

const NAMESPACES = ['--net', '--mount', '--pid', '--uts', '--ipc', '--mount-proc', '--fork']

/** Why this machine cannot run a sandbox; undefined if it can. */
export async function sandboxMissing(): Promise<string | undefined> {
  const instead = 'CLUSTER=kind uses kind instead'
  if (process.platform !== 'linux') return `it needs Linux; ${instead}`
  if (process.getuid?.() !== 0) return `it needs root; ${instead}`
  const { code, stderr } = await runTool(['unshare', ...NAMESPACES, 'true'])
  return code === 0 ? undefined : `this machine makes no namespaces (${stderr.trim()}); ${instead}`
}

/**
 * Runs a command in new network, mount and process namespaces, with `WORK` as a writable folder.
 * When it or this process ends, its processes, mounts, interfaces and firewall rules are gone; then
 * its control groups and the folder are removed.
 * @returns the exit code
 */
export async function runInSandbox(
  command: string[],
  variables: Record<string, string>,
): Promise<number> {
  await removeAbandoned()
  const work = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const child = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', ...NAMESPACES, '--kill-child'],
      ...[join(ROOT, 'scripts/e2e/sandbox/init.sh'), ...command],
    ],
    {
      cwd: ROOT,
      env: { ...process.env, ...variables, WORK: work },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const stop = () => child.kill('SIGKILL')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve(status ?? 130))
  })
  await removeTraces(work)
  for (const signal of signals) process.off(signal, stop)
  return code
}

/** The path of the sandbox's control groups, relative to the root of each hierarchy. */
export function cgroupOf(work: string): string {
  return `/${basename(work)}`
}

/** Removes what earlier runs left behind because they were killed. */
async function removeAbandoned(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(entry)?.[1]
    if (owner !== undefined && !existsSync(`/proc/${owner}`))
      await removeTraces(join(tmpdir(), entry))
  }
}

/** Removes control groups and folder. Killed processes need a moment to leave their groups. */
async function removeTraces(work: string): Promise<void> {
  const hierarchies = (await readdir(CGROUPS).catch(() => [])).map((entry) => join(CGROUPS, entry))
  const groups = [CGROUPS, ...hierarchies]
    .map((hierarchy) => join(hierarchy, cgroupOf(work)))
    .filter((group) => existsSync(group))
  for (let tries = 0; tries < 100; tries++) {
    const left = groups.filter((group) => existsSync(group))
    if (left.length === 0) break
    await run(['find', ...left, '-depth', '-type', 'd', '-delete']).catch(() => Bun.sleep(100))
  }
  await rm(work, { recursive: true, force: true })
}
