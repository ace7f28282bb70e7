import { insertBefore, readFile, writeFiles } from './files.ts'

/**
 * Writes a component with a copy of a workload of the base under another name, with the same
 * security settings, and adds it to the overlay `local`. Container names stay, as other components
 * patch them.
 */
export function writeComponent(
  name: string,
  {
    like,
    change,
    files = {},
    readme,
  }: {
    like: 'api' | 'ingest'
    change: (yaml: string) => string
    files?: Record<string, string>
    readme: string
  },
): void {
  const folder = `kustomize/components/${name}`
  const renamed = readFile(`kustomize/base/${like}.yaml`)
    .replaceAll(`app.kubernetes.io/name: ${like}\n`, `app.kubernetes.io/name: ${name}\n`)
    .replace(`\n  name: ${like}\n`, `\n  name: ${name}\n`)
    .replace(`serviceAccountName: ${like}\n`, `serviceAccountName: ${name}\n`)
  const resources = [
    `${name}.yaml`,
    'service-account.yaml',
    ...Object.keys(files).filter((file) => !file.startsWith('patch')),
  ]
  const patches = Object.keys(files).filter((file) => file.startsWith('patch'))
  writeFiles(
    Object.fromEntries(
      Object.entries({
        'README.md': readme,
        'kustomization.yaml': kustomization(resources, patches),
        [`${name}.yaml`]: change(renamed),
        'service-account.yaml': SERVICE_ACCOUNT.replace('NAME', name),
        ...files,
      }).map(([file, text]) => [`${folder}/${file}`, text]),
    ),
  )
  insertBefore(
    'kustomize/overlays/local/kustomization.yaml',
    /^ {2}- \.\.\/\.\.\/versions$/m,
    `  - ../../components/${name}\n`,
  )
}

function kustomization(resources: string[], patches: string[]): string {
  const list = (entries: string[]) => entries.map((entry) => `  - ${entry}\n`).join('')
  const patched = patches.map(
    (file) => `target:\n      kind: Ingress\n      name: api\n    path: ${file}`,
  )
  return `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources:
${list(resources)}${patches.length > 0 ? `patches:\n${list(patched)}` : ''}`
}

const SERVICE_ACCOUNT = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: NAME
automountServiceAccountToken: false
`
