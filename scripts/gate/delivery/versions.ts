import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'

export interface Versions {
  tools: Record<string, string>
  /** `registry/name:tag`, and its digest where there is one. */
  images: Record<string, string>
  /** `path@version` of Go modules. */
  modules: Record<string, string>
  /** URLs, each of which contains its version. */
  manifests: Record<string, string>
}

/** Reads versions.yaml. */
export function readVersions(): Versions {
  return Bun.YAML.parse(readFileSync(join(ROOT, 'versions.yaml'), 'utf8')) as Versions
}

/**
 * The folders of the delivery. Not checked: tests, which contain versions on purpose, and decisions
 * (docs/adr), which name the versions of their time.
 */
const PLACES = [
  '.ci',
  '.github',
  'Dockerfile',
  'Tiltfile',
  'compose.yaml',
  'docs',
  'kustomize',
  'scripts',
  'README.md',
]
const NOT_CHECKED = /^docs\/adr\/|\.test\.ts$|^kustomize\/versions\//

/** The files of the delivery, as paths from the repository. */
export function deliveryFiles(root = ROOT): string[] {
  const files = PLACES.filter((place) => existsSync(join(root, place))).flatMap((place) => {
    if (!statSync(join(root, place)).isDirectory()) return [place]
    const inside = readdirSync(join(root, place), { recursive: true, withFileTypes: true })
    return inside
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
  })
  return files
    .map((file) => file.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((file) => !NOT_CHECKED.test(file))
}

/**
 * Patterns of pinned versions: an image's tag, a digest, a tool that is installed or downloaded.
 */
const PINS = [
  // the cluster test builds the images of e2e.local
  /\bimage: *["']?(?!e2e\.local\/)[\w./-]+:[\w.-]+/,
  /\bFROM +[\w./-]+:\w/,
  /@sha256:[0-9a-f]{8}/,
  /\b(?:go install|go run) \S+@v?\d/,
  /\bpip3? install .*[\w-]+==\d/,
  /\bnpx (?:-y )?\S+@\d/,
  /\/releases\/download\/v?\d/,
  /raw\.githubusercontent\.com\/[^/]+\/[^/]+\/v?\d/,
]

/**
 * The lines (`line: text`) that pin a version which belongs in versions.yaml. Actions of a workflow
 * are pinned where they are used.
 */
export function findPins(text: string, { tools, images }: Versions): string[] {
  const tags = Object.values(images).map((image) => {
    const [path = ''] = image.split(/:(?=[^/]*$)|@/)
    return new RegExp(
      `(^|[\\s"'=/])${literally(path.split('/').at(-1) ?? '')}:(v?\\d+[.-]\\d*\\w|latest|RELEASE)`,
    )
  })
  const literal = Object.values(tools).map(
    (version) => new RegExp(`(^|[^\\w.])${literally(version)}($|[^\\w.-])`),
  )
  return text.split('\n').flatMap((line, at) => {
    const pins =
      [...PINS, ...tags, ...literal].some((pin) => pin.test(line)) && !/^\s*-?\s*uses:/.test(line)
    return pins ? [`${at + 1}: ${line.trim()}`] : []
  })
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
