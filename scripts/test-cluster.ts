/**
 * npm run test:cluster [-- server|nodes]: runs the overlays in a real Kubernetes (scripts/e2e). As
 * root on Linux it starts a control plane and nodes in temporary namespaces. With CLUSTER=kind it
 * uses kind. If neither is possible the tests are skipped with a message; with CI=true a missing
 * package is a failure.
 */
import { join } from 'node:path'
import process from 'node:process'
import { runOnKind } from './e2e/cluster/kind.ts'
import { programsMissing } from './e2e/programs/debian.ts'
import { buildImageStore } from './e2e/programs/image-store.ts'
import { buildImages } from './e2e/programs/images.ts'
import { buildPrograms } from './e2e/programs/kubernetes.ts'
import { runInSandbox, sandboxMissing } from './e2e/sandbox/sandbox.ts'
import { withoutFolder } from './gate/delivery/checkers.ts'
import { ROOT } from './gate/run-tool.ts'

/** The test files of each layer, in order. */
const LAYERS: Record<string, string[]> = {
  server: ['server'],
  nodes: ['local', 'network', 'jobs', 'losses', 'autoscaling', 'observability'],
}

const began = performance.now()

function log(label: string): void {
  console.log(`${label}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

function filesOf(layer: string): string[] {
  return (LAYERS[layer] ?? []).map((name) => `./scripts/e2e/${name}.cluster.ts`)
}

async function runLayer(layer: string, programs: string): Promise<number> {
  const variables: Record<string, string> = { E2E_BIN: join(programs, 'bin') }
  if (layer !== 'server') {
    const { others, own } = await buildImages(programs)
    variables.E2E_IMAGES = await buildImageStore(others)
    variables.E2E_OWN_IMAGE = own
    log('cluster images')
  }
  const start = join(ROOT, 'scripts/e2e/start.ts')
  const code = await runInSandbox([process.execPath, start, layer, ...filesOf(layer)], variables)
  log(`cluster ${layer}`)
  return code
}

async function main(): Promise<number> {
  if (process.env.CLUSTER === 'kind') return runOnKind(filesOf('nodes'))
  const impossible = await sandboxMissing()
  const missing = impossible ?? programsMissing() ?? withoutFolder('crds')
  if (missing !== undefined) {
    console.log(`not run: cluster: ${missing}`)
    return impossible === undefined && process.env.CI === 'true' ? 1 : 0
  }
  const layers = process.argv[2] === undefined ? Object.keys(LAYERS) : process.argv.slice(2)
  const programs = await buildPrograms()
  log('cluster programs')
  let code = 0
  for (const layer of layers) code = (await runLayer(layer, programs)) || code
  return code
}

process.exit(await main())
