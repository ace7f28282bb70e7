import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { CHECKERS } from '../../gate/delivery/checkers.ts'
import { ROOT } from '../../gate/run-tool.ts'
import { run } from '../programs/run.ts'

/** Differs from the developer's cluster, which must not be removed. */
const NAME = 'super-zol-test'

/**
 * Runs tests in a separate kind cluster, with a kubeconfig that contains no other cluster.
 * @returns the exit code
 */
export async function runOnKind(files: string[]): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), 'super-zol-kind-'))
  const KUBECONFIG = join(work, 'kubeconfig')
  const variables = { CLUSTER: 'kind', CLUSTER_NAME: NAME, KUBECONFIG }
  const cluster = (...args: string[]) => run(['scripts/cluster.sh', ...args], { variables })
  try {
    await cluster('up')
    await cluster('load')
    await writeFile(KUBECONFIG, await run(['kind', 'get', 'kubeconfig', '--name', NAME]))
    const crds = ['apply', '--server-side', '--force-conflicts', '-f', join(CHECKERS, 'crds')]
    await run(['kubectl', ...crds], { variables })
    const child = spawn(process.execPath, ['test', '--timeout=300000', ...files], {
      cwd: ROOT,
      env: { ...process.env, ...variables },
      stdio: 'inherit',
    })
    return await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
  } finally {
    if (process.env.KEEP === undefined) await cluster('down', '--yes')
    await rm(work, { recursive: true, force: true })
  }
}
