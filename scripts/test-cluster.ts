/**
 * npm run test:cluster [-- server|nodes]: runs the overlays in a real Kubernetes (scripts/e2e). As root on Linux it
 * builds a control plane and nodes of its own in namespaces that go with it. With CLUSTER=kind it uses kind.
 * Where neither is possible it is not run, and says so; with CI=true a missing package is a failure.
 */
import { join } from 'node:path'
import process from 'node:process'
import { programsMissing } from './e2e/programs/debian.ts'
import { buildPrograms } from './e2e/programs/kubernetes.ts'
import { runInSandbox, sandboxMissing } from './e2e/sandbox/sandbox.ts'
import { ROOT } from './gate/run-tool.ts'

const LAYERS: Record<string, string[]> = {
  server: ['server'],
}

const began = performance.now()

function seconds(): string {
  return `${((performance.now() - began) / 1000).toFixed(0)} s`
}

async function runLayer(layer: string, variables: Record<string, string>): Promise<number> {
  const files = (LAYERS[layer] ?? []).map((name) => `./scripts/e2e/${name}.cluster.ts`)
  const start = join(ROOT, 'scripts/e2e/start.ts')
  const code = await runInSandbox([process.execPath, start, layer, ...files], variables)
  console.log(`cluster ${layer}: ${seconds()}`)
  return code
}

async function main(): Promise<number> {
  const impossible = await sandboxMissing()
  const missing = impossible ?? programsMissing()
  if (missing !== undefined) {
    console.log(`not run: cluster: ${missing}`)
    return impossible === undefined && process.env.CI === 'true' ? 1 : 0
  }
  const layers = process.argv[2] === undefined ? Object.keys(LAYERS) : process.argv.slice(2)
  const programs = await buildPrograms()
  console.log(`cluster programs: ${seconds()}`)
  let code = 0
  for (const layer of layers) {
    code = (await runLayer(layer, { E2E_BIN: join(programs, 'bin') })) || code
  }
  return code
}

process.exit(await main())
