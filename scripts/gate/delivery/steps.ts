import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runTool } from '../run-tool.ts'
import type { Step } from '../step.ts'
import { readAlerts, readAlertTests, testAlerts } from './alerts.ts'
import { type Build, build, buildOverlays, noBuilder } from './build.ts'
import { findProgram, withoutFolder, withoutProgram } from './checkers.ts'
import type { Manifest } from './manifest.ts'
import { breaches } from './rules.ts'
import { readSchemas, SCHEMAS } from './schemas.ts'
import { criticalOf } from './score.ts'
import { deliveryFiles, readVersions } from './versions.ts'

const SNAPSHOT = 'kustomize/components/backup/volume-snapshot.yaml'
/** The manifests of a local cluster besides the overlay. */
const TRAEFIK = 'kustomize/cluster/traefik'

export const deliverySteps: Step[] = [
  {
    name: 'manifests',
    title: 'manifests: every overlay builds and keeps to our rules',
    missing: noBuilder,
    run: () => overlays(({ objects }) => breaches(objects)),
  },
  {
    name: 'schemas',
    title: 'manifests: strict schemas of Kubernetes and of custom resources',
    missing: () => noBuilder() ?? withoutFolder(SCHEMAS) ?? withoutFolder('crds'),
    run: checkSchemas,
  },
  {
    name: 'kube-score',
    title: 'manifests: nothing critical to kube-score',
    missing: () => noBuilder() ?? withoutProgram('kube-score'),
    run: () => overlays(({ text }) => criticalOf(text, readVersions().tools.kubernetes ?? '')),
  },
  {
    name: 'alerts',
    title: 'alerts fire when they should (promtool)',
    missing: () => withoutProgram('promtool', "it comes with Debian's package prometheus"),
    run: async () => {
      const { code, stdout, stderr } = await testAlerts(readAlerts(), readAlertTests())
      return { passed: code === 0, report: `${stdout}${stderr}` }
    },
  },
  {
    name: 'shell',
    title: 'shell scripts (shellcheck)',
    missing: () => withoutProgram('shellcheck'),
    run: async () => {
      const scripts = deliveryFiles().filter(isShell)
      const { code, stdout, stderr } = await runTool([findProgram('shellcheck') ?? '', ...scripts])
      return { passed: code === 0 && scripts.length > 0, report: `${stdout}${stderr}` }
    },
  },
  {
    name: 'workflows',
    title: 'GitHub workflows (actionlint)',
    missing: () => withoutProgram('actionlint'),
    run: async () => {
      const shellcheck = ['-shellcheck', findProgram('shellcheck') ?? '']
      const { code, stdout, stderr } = await runTool([
        findProgram('actionlint') ?? '',
        '-no-color',
        ...shellcheck,
      ])
      return { passed: code === 0, report: `${stdout}${stderr}` }
    },
  },
]

function isShell(file: string): boolean {
  return /^#!.*\b(ba)?sh\b/.test(readFileSync(join(ROOT, file), 'utf8'))
}

async function overlays(
  check: (build: Build) => string[] | Promise<string[]>,
): Promise<{ passed: boolean; report: string }> {
  const builds = await buildOverlays()
  const results = await Promise.all(
    builds.map(async (build) => (await check(build)).map((line) => `${build.overlay}: ${line}`)),
  )
  return {
    passed: builds.length > 0 && results.flat().length === 0,
    report: results.flat().join('\n'),
  }
}

async function checkSchemas(): Promise<{ passed: boolean; report: string }> {
  const { kubernetes = '', 'kubernetes-oldest': oldest = '' } = readVersions().tools
  const snapshot = Bun.YAML.parse(readFileSync(join(ROOT, SNAPSHOT), 'utf8')) as Manifest
  const schemas = [kubernetes, oldest].map(readSchemas)
  const traefik = await build(join(ROOT, TRAEFIK))
  return overlays(({ objects }) =>
    [...objects, ...traefik.objects, snapshot].flatMap((object) =>
      schemas.flatMap(({ validate }) => validate(object)),
    ),
  )
}
