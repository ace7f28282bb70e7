/** The fields of Kubernetes objects that the rules read; the schemas check all fields. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  /** The values of a ConfigMap. */
  data?: Record<string, string>
  /** Field of a ServiceAccount. */
  automountServiceAccountToken?: boolean
  spec?: Record<string, unknown>
}

export interface Probe {
  httpGet?: { path: string; port: string | number }
}

export interface Container {
  name: string
  image: string
  /** Replaces the image's entrypoint. */
  command?: string[]
  args?: string[]
  ports?: { name?: string; containerPort: number }[]
  env?: {
    name: string
    value?: string
    valueFrom?: { secretKeyRef?: { name: string; key: string } }
  }[]
  envFrom?: { configMapRef?: { name: string } }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  securityContext?: Record<string, unknown>
  startupProbe?: Probe
  readinessProbe?: Probe
  livenessProbe?: Probe
  lifecycle?: { preStop?: { sleep?: { seconds: number } } }
  volumeMounts?: { name: string }[]
}

export interface Volume {
  name: string
  emptyDir?: { sizeLimit?: string }
  configMap?: { name: string; optional?: boolean }
  secret?: { secretName: string; optional?: boolean }
  persistentVolumeClaim?: { claimName: string }
}

export interface PodSpec {
  serviceAccountName?: string
  automountServiceAccountToken?: boolean
  terminationGracePeriodSeconds?: number
  securityContext?: Record<string, unknown>
  initContainers?: Container[]
  containers: Container[]
  volumes?: Volume[]
}

/** The pods that the objects create. */
export interface Pod {
  owner: Manifest
  /** Kind and name, such as `Deployment api`. */
  name: string
  labels: Record<string, string>
  spec: PodSpec
  containers: Container[]
}

interface Template {
  metadata?: { labels?: Record<string, string> }
  spec: PodSpec
}

const TEMPLATES: Record<string, (spec: Record<string, unknown>) => unknown> = {
  Deployment: (spec) => spec.template,
  StatefulSet: (spec) => spec.template,
  Job: (spec) => spec.template,
  CronJob: ({ jobTemplate }) => (jobTemplate as { spec: { template: unknown } }).spec.template,
}

export function podsOf(objects: Manifest[]): Pod[] {
  return objects.flatMap((owner) => {
    const template = TEMPLATES[owner.kind]?.(owner.spec ?? {}) as Template | undefined
    if (template === undefined) return []
    const { spec, metadata } = template
    const containers = [...(spec.initContainers ?? []), ...spec.containers]
    return [{ owner, name: nameOf(owner), labels: metadata?.labels ?? {}, spec, containers }]
  })
}

export function ofKind<Spec = Record<string, unknown>>(objects: Manifest[], ...kinds: string[]) {
  return objects.filter(({ kind }) => kinds.includes(kind)) as (Omit<Manifest, 'spec'> & {
    spec: Spec
  })[]
}

export function nameOf({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.name}`
}

export interface Selector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

/** @throws Error for an operator that no manifest here has used yet */
export function selects(selector: Selector, labels: Record<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector
  const byExpression = matchExpressions.every(({ key, operator, values = [] }) => {
    if (operator !== 'In')
      throw new Error(`Cannot tell what ${operator} selects: only In is understood`)
    return values.includes(labels[key] ?? '')
  })
  return byExpression && Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
}

const UNITS: Record<string, number> = {
  '': 1,
  m: 0.001,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A quantity such as 250m or 1Gi as a number. */
export function quantity(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? []
  const factor = UNITS[unit]
  if (number === undefined || factor === undefined)
    throw new Error(`Cannot read the quantity ${text}`)
  return Number(number) * factor
}
