import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp } from '../../../src/app.ts'
import { openRedis } from '../../../src/cache/redis.ts'
import { readEnv } from '../../../src/env.ts'
import { createLogger } from '../../../src/log.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { measureProcess } from '../../../src/telemetry/process-metrics.ts'
import { createTestDatabase, type TestDatabase } from '../../../src/testing/test-database.ts'
import { ROOT, runTool } from '../run-tool.ts'
import { type Build, buildOverlays, noBuilder } from './build.ts'
import { type Manifest, ofKind } from './manifest.ts'
import { ownContainers } from './rules-pods.ts'

const skipped = noBuilder() !== undefined && process.env.CI !== 'true'

/** The API paths that kubelet and the prober request. */
function askedPaths(objects: Manifest[]): string[] {
  const probes = ownContainers(objects).flatMap(
    ({ startupProbe, readinessProbe, livenessProbe }) => {
      return [startupProbe, readinessProbe, livenessProbe].flatMap(
        (probe) => probe?.httpGet?.path ?? [],
      )
    },
  )
  const configured = ofKind(objects, 'ConfigMap', 'Probe').map((object) => JSON.stringify(object))
  return [
    ...probes,
    ...configured.flatMap((text) =>
      [...text.matchAll(/http:\/\/api(\/[^"\s\\]+)/g)].map(([, path = '']) => path),
    ),
  ]
}

describe.skipIf(skipped)('manifests and image', () => {
  let database: TestDatabase
  let builds: Build[]
  let close: (() => Promise<void>) | undefined
  let ask: (path: string) => Promise<Response>
  beforeAll(async () => {
    database = await createTestDatabase()
    builds = await buildOverlays()
    const env = readEnv({ LOG_LEVEL: 'silent' })
    const metrics = createMetrics()
    measureProcess(metrics, env)
    const redis = openRedis('redis://127.0.0.1:1', createLogger(env, 'stderr'))
    const app = createApp({
      sql: database.sql,
      redis,
      log: createLogger(env, 'stderr'),
      env,
      metrics,
    })
    close = async () => {
      redis.close()
      await database.drop()
    }
    ask = async (path) => app.fetch(new Request(new URL(path, 'http://localhost').href))
  })
  afterAll(() => close?.())

  test('every probed path returns 200 with JSON; an unknown path returns 404', async () => {
    const paths = new Set(builds.flatMap(({ objects }) => askedPaths(objects)))
    expect(paths.size).toBeGreaterThan(4)
    for (const path of paths) {
      const { status, headers } = await ask(path)
      expect([path, status, headers.get('content-type')?.split(';')[0]]).toEqual([
        path,
        200,
        'application/json',
      ])
    }
    expect((await ask('/healthz')).status).toBe(404)
  })

  test('every metric in alerts, dashboard and autoscaler is exported by the process', async () => {
    const files = [
      'monitoring/alerts.yaml',
      'grafana/super-zol.json',
      'autoscaling-on-requests/README.md',
    ]
    const texts = files.map((file) =>
      readFileSync(join(ROOT, 'kustomize/components', file), 'utf8'),
    )
    const named = texts.flatMap((text) => text.match(/\b(super_zol|process)_\w+/g) ?? [])
    const metrics = await (await ask('/metrics')).text()
    const families = [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)
    const unknown = named.filter(
      (name) => !families.includes(name.replace(/_(bucket|sum|count)$/, '')),
    )
    expect(unknown).toEqual([])
    expect(new Set(named).size).toBeGreaterThan(15)
  })

  test('every command that a container starts exists in the program', async () => {
    const commands = new Set(
      builds.flatMap(({ objects }) =>
        ownContainers(objects).flatMap(({ command, args: [name = ''] = [] }) =>
          command ? [] : [name],
        ),
      ),
    )
    expect([...commands]).toContain('ingest')
    const { stdout } = await runTool([process.execPath, 'src/main.ts', '--help'], { cwd: ROOT })
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })
})
