import { join } from 'node:path'
import { ROOT } from '../run-tool.ts'
import type { Versions } from './versions.ts'

export const TAGS_FILE = join(ROOT, 'kustomize/versions/kustomization.yaml')

const HEAD = `# Written by scripts/sync-versions.ts from versions.yaml: manifests name an image by its key there, without a tag.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
`

/** The component that gives every image its registry, tag and digest. */
export function imageTags({ images }: Versions): string {
  const entries = Object.entries(images).map(([name, image]) => {
    const [tagged = '', digest] = image.split('@')
    const [newName, newTag] = tagged.split(/:(?=[^/]*$)/)
    const pin = digest === undefined ? `newTag: ${JSON.stringify(newTag)}` : `digest: ${digest}`
    return `  - name: ${name}\n    newName: ${newName}\n    ${pin}\n`
  })
  return HEAD + entries.join('')
}
