/** Inside the sandbox: starts the cluster of a layer (`server`: no nodes), then runs the tests of the files given. */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { startControlPlane } from './cluster/control-plane.ts'
import { stopProcesses } from './cluster/processes.ts'

const [layer = '', ...files] = process.argv.slice(2)
const began = performance.now()
await startControlPlane({ scheduler: layer !== 'server' })
console.log(`control plane: ${((performance.now() - began) / 1000).toFixed(1)} s`)
const tests = spawn(process.execPath, ['test', '--timeout=300000', ...files], { stdio: 'inherit' })
const code = await new Promise<number>((resolve) =>
  tests.on('close', (status) => resolve(status ?? 1)),
)
await stopProcesses()
process.exit(code)
