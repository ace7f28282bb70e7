import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openOwnEngine } from '../../containers/engine.ts'
import { readVersions } from '../../gate/delivery/versions.ts'
import { ROOT } from '../../gate/run-tool.ts'
import { writeProgramImage } from './archive.ts'
import { cached } from './cache.ts'
import { run } from './run.ts'

/** The cluster's own images, each with one program of `buildPrograms`. */
export const CLUSTER_IMAGES = ['pause', 'coredns', 'metrics-server']
/** The other images of the overlay `local`, by their names in versions.yaml. */
const SERVICES = ['postgres', 'redis', 's3', 'prometheus', 'blackbox-exporter']
/** The base images of our image. */
const BASES = ['bun', 'distroless']
/** The files that the build of our image reads. */
const SOURCES = [
  ...['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'bunfig.toml'],
  ...['drizzle', 'modules', 'src', 'versions.yaml'],
  ...['scripts/image', 'scripts/images.sh', 'scripts/kaggle-server', 'scripts/sample'],
]

/** Files among them that are not part of the image. */
const NOT_BUNDLED = /\.test\.ts$|\.md$/

/** The name of one of the cluster's own images. */
export function clusterImage(name: string): string {
  return `e2e.local/${name}:1`
}

/** The name of our image in the overlay `local`. */
export function ownImage(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  return `super-zol:${version}-local`
}

/** The image archives for nodes. Each is cached until its inputs change. */
export interface Images {
  /** Archives of the cluster's images and of the services. */
  others: string[]
  /** The archive of our image. */
  own: string
}

export async function buildImages(programs: string): Promise<Images> {
  const cluster = await cached('cluster-images', {
    key: [programs],
    make: async (folder) => {
      for (const name of CLUSTER_IMAGES) {
        const program = join(programs, 'bin', name)
        await writeProgramImage(join(folder, `${name}.tar`), { name: clusterImage(name), program })
      }
    },
  })
  const services = await serviceImages()
  const product = await productImage(services)
  const others = CLUSTER_IMAGES.map((name) => join(cluster, `${name}.tar`))
  return {
    others: [...others, join(services, 'services.tar')],
    own: join(product, 'super-zol.tar'),
  }
}

/** Builds `services.tar`, with the image names of versions.yaml, and `bases.tar` for builds. */
function serviceImages(): Promise<string> {
  const { images, tools } = readVersions()
  const files = ['scripts/images.sh', 'scripts/image/offline.Dockerfile']
  const inputs = [...files, 'scripts/image/postgres-entrypoint.sh'].map((file) => {
    return readFileSync(join(ROOT, file), 'utf8')
  })
  const names = [...SERVICES, ...BASES].map((name) => images[name] ?? '')
  return cached('services', {
    key: [...names, tools.versitygw ?? '', ...inputs],
    make: async (folder) => {
      const engine = await openOwnEngine()
      try {
        const { variables } = engine
        const docker = variables.DOCKER ?? 'docker'
        const printed = await run(['bash', 'scripts/images.sh', ...SERVICES, ...BASES], {
          variables,
        })
        const made = new Map(
          printed
            .trim()
            .split('\n')
            .map((line) => line.split('=') as [string, string]),
        )
        for (const name of SERVICES) {
          const image = made.get(`${name.replaceAll('-', '_').toUpperCase()}_IMAGE`) ?? ''
          await run([docker, 'tag', image, images[name] ?? ''], { variables })
        }
        const services = SERVICES.map((name) => images[name] ?? '')
        const bases = BASES.map((name) => made.get(`${name.toUpperCase()}_IMAGE`) ?? '')
        await run([docker, 'save', '-o', join(folder, 'services.tar'), ...services], { variables })
        await run([docker, 'save', '-o', join(folder, 'bases.tar'), ...bases], { variables })
      } finally {
        await engine.close()
      }
    },
  })
}

/** Builds our image with the usual command. */
function productImage(services: string): Promise<string> {
  return cached('super-zol', {
    key: [services, digestOfSources()],
    make: async (folder) => {
      const engine = await openOwnEngine()
      try {
        const variables = { ...engine.variables, REGISTRIES: 'off' }
        const docker = engine.variables.DOCKER ?? 'docker'
        await run([docker, 'load', '-i', join(services, 'bases.tar')], { variables })
        await run(['bash', 'scripts/images.sh', 'build'], { variables })
        await run([docker, 'save', '-o', join(folder, 'super-zol.tar'), ownImage()], { variables })
      } finally {
        await engine.close()
      }
    },
  })
}

function digestOfSources(): string {
  const digest = createHash('sha256')
  const add = (path: string) => {
    if (statSync(join(ROOT, path)).isDirectory()) {
      for (const entry of readdirSync(join(ROOT, path)).sort()) add(join(path, entry))
    } else if (!NOT_BUNDLED.test(path)) {
      digest.update(path).update(readFileSync(join(ROOT, path)))
    }
  }
  for (const path of SOURCES) add(path)
  return digest.digest('hex')
}
