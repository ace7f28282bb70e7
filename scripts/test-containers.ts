/**
 * npm run test:containers: builds the image and runs it as a cluster would (scripts/containers),
 * with Docker only. Without a registry it builds base images from Debian packages. It starts a
 * Docker engine if none runs, and removes everything afterwards. Without Docker the tests are
 * skipped with a message; with CI=true that is a failure, unless the machine cannot run containers.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { type Engine, NoEngineError, openEngine } from './containers/engine.ts'
import { ROOT, runTool } from './gate/run-tool.ts'

const began = performance.now()

function seconds(): string {
  return `${((performance.now() - began) / 1000).toFixed(0)} s`
}

/** Environment variables with the names of our images and the other images. */
async function makeImages(variables: Record<string, string>): Promise<Record<string, string>> {
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runTool(['bash', 'scripts/images.sh', ...args], {
      variables,
    })
    if (code !== 0) throw new Error(stderr.trim())
    return stdout
  }
  const names = (await run())
    .trim()
    .split('\n')
    .map((line) => line.split('=') as [string, string])
  console.log(`base images: ${seconds()}`)
  await run('build', 'test', 'test-next')
  console.log(`image built: ${seconds()}`)
  return {
    ...Object.fromEntries(names),
    IMAGE: 'super-zol:test',
    NEXT_IMAGE: 'super-zol:test-next',
  }
}

function runTests(variables: Record<string, string>): Promise<number> {
  const files = ['image', 'release', 'compose', 'dev'].map(
    (name) => `./scripts/containers/${name}.containers.ts`,
  )
  const child = spawn(process.execPath, ['test', ...files], {
    cwd: ROOT,
    env: { ...process.env, ...variables },
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}

async function main(): Promise<number> {
  let engine: Engine
  try {
    engine = await openEngine()
  } catch (error) {
    if (!(error instanceof NoEngineError)) throw error
    console.log(`not run: containers: ${error.message}`)
    return error.installable && process.env.CI === 'true' ? 1 : 0
  }
  try {
    const images = await makeImages(engine.variables)
    return await runTests({ ...engine.variables, ...images })
  } finally {
    await engine.close()
    console.log(`containers: ${seconds()}`)
  }
}

process.exit(await main())
