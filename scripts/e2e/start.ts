/**
 * Runs in the sandbox: starts the cluster of a layer (`server`: no nodes), then runs the given test
 * files.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { CHECKERS } from '../gate/delivery/checkers.ts'
import { ROOT } from '../gate/run-tool.ts'
import { startControlPlane } from './cluster/control-plane.ts'
import { applyText, kubectl } from './cluster/kubectl.ts'
import {
  mountSmallVolume,
  openWorld,
  smallVolumeManifest,
  startNodes,
  volumeManifests,
} from './cluster/node.ts'
import { lastLines, processNames, requireRunning, stopProcesses } from './cluster/processes.ts'

const [layer = '', ...files] = process.argv.slice(2)
const began = performance.now()

function log(label: string): void {
  console.log(`${label}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
}

async function start(): Promise<void> {
  await startControlPlane({ scheduler: layer !== 'server' })
  log('control plane')
  if (layer === 'server') return
  await openWorld()
  await mountSmallVolume()
  await startNodes(2)
  log('nodes started')
  for (const name of ['coredns', 'metrics-server']) {
    const manifest = join(ROOT, `scripts/e2e/cluster/manifests/${name}.yaml`)
    const { code, stderr } = await applyText(readFileSync(manifest, 'utf8'))
    if (code !== 0) throw new Error(`Cannot apply ${name}: ${stderr}`)
  }
  await applyText(`${await volumeManifests(12)}\n---\n${smallVolumeManifest()}`)
  await kubectl('apply', '--server-side', '-f', join(CHECKERS, 'crds'))
  await kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=90s')
  log('nodes ready')
  const deployment = ['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns']
  await kubectl(...deployment, '--timeout=60s')
  log('names resolved')
  requireRunning()
}

async function runTests(): Promise<number> {
  const tests = spawn(process.execPath, ['test', '--timeout=300000', ...files], {
    stdio: 'inherit',
  })
  return new Promise((resolve) => tests.on('close', (status) => resolve(status ?? 1)))
}

let code = 1
try {
  await start()
  code = await runTests()
} catch (error) {
  console.error(error)
}
if (code !== 0 && process.env.VERBOSE !== undefined) {
  for (const name of processNames()) console.error(`--- ${name}\n${lastLines(name)}`)
}
await stopProcesses()
process.exit(code)
