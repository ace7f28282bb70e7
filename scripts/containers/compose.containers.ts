/**
 * compose.yaml and tests against a PostgreSQL container, as used without a cluster (`npm run
 * test:containers`).
 */
import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import process from 'node:process'
import { ROOT, runTool } from '../gate/run-tool.ts'
import { docker, tryDocker, untilHealthy } from './docker.ts'
import { IMAGE } from './stage.ts'

setDefaultTimeout(120_000)

const PORT = '3917'
const PROJECT = 'super-zol-test'
const composes =
  Bun.which('docker-compose') !== null || (await tryDocker(['compose', 'version'])).code === 0
const inCi = process.env.CI === 'true'

function compose(...args: string[]) {
  const variables = { COMPOSE_PROJECT_NAME: PROJECT, SUPER_ZOL_IMAGE: IMAGE, PORT }
  return runTool(['bash', 'scripts/compose.sh', ...args], { cwd: ROOT, variables })
}

afterAll(async () => {
  if (composes) await compose('down', '--volumes', '--timeout', '5')
})

test.skipIf(!composes && !inCi)(
  'docker compose up migrates, loads the sample and serves it',
  async () => {
    if (!composes) throw new Error('Cannot compose: apt-get install docker-compose installs it')
    const { code, stderr } = await compose('up', '-d')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    await untilHealthy(`http://127.0.0.1:${PORT}/health/ready`)
    const smoke = await runTool(['bash', 'scripts/smoke.sh', `http://127.0.0.1:${PORT}`], {
      cwd: ROOT,
    })
    expect({ code: smoke.code, said: smoke.code === 0 ? '' : smoke.stdout }).toEqual({
      code: 0,
      said: '',
    })
    expect((await compose('down', '--volumes', '--timeout', '15')).code).toBe(0)
  },
)

test('TEST_DATABASE=container runs tests against a container and removes it', async () => {
  const variables = { TEST_DATABASE: 'container' }
  const { code, stderr } = await runTool(
    [process.execPath, 'test', 'src/testing/test-database.test.ts'],
    { variables },
  )
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  const left = () => docker('ps', '--all', '--quiet', '--filter', 'name=super-zol-test-')
  for (let tries = 0; tries < 50 && (await left()) !== ''; tries++) await Bun.sleep(100)
  expect(await left()).toBe('')
})
