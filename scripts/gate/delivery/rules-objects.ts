import { envExample, readEnv } from '../../../src/env.ts'
import { type Manifest, nameOf, ofKind, podsOf } from './manifest.ts'
import type { Rule } from './rule.ts'
import { ownContainers } from './rules-pods.ts'

const LABELS = ['app.kubernetes.io/part-of', 'cost-center', 'environment']
const DECLARED = new Set([...envExample().matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name))
/** Settings that Bun reads. */
const OF_THE_RUNTIME = ['NODE_EXTRA_CA_CERTS']

function tokens(objects: Manifest[]): string[] {
  const accounts = ofKind(objects, 'ServiceAccount').filter(
    (account) => account.automountServiceAccountToken !== false,
  )
  const pods = podsOf(objects).filter(
    ({ spec }) => spec.automountServiceAccountToken !== false || !spec.serviceAccountName,
  )
  const rights = ofKind(objects, 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding')
  return [...accounts.map(nameOf), ...pods.map(({ name }) => name), ...rights.map(nameOf)]
}

function unlabelled(objects: Manifest[]): string[] {
  const named = [
    ...objects.map((object) => ({ name: nameOf(object), labels: object.metadata.labels ?? {} })),
    ...podsOf(objects).map(({ name, labels }) => ({ name: `pods of ${name}`, labels })),
  ]
  return named.flatMap(({ name, labels }) =>
    LABELS.filter((label) => !labels[label]).map((label) => `${name}: ${label}`),
  )
}

function namespaces(objects: Manifest[]): string[] {
  const [namespace, ...more] = ofKind(objects, 'Namespace')
  if (namespace === undefined || more.length > 0) return ['there must be one Namespace']
  const { name, labels = {} } = namespace.metadata
  const loose =
    labels['pod-security.kubernetes.io/enforce'] === 'restricted'
      ? []
      : [`${name} does not enforce restricted`]
  const outside = objects.filter(
    ({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== name,
  )
  return [...loose, ...outside.map(nameOf)]
}

function settings(objects: Manifest[]): string[] {
  const maps = objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && /^super-zol-/.test(metadata.name),
  )
  const given = Object.assign({}, ...maps.map(({ data }) => data))
  const named = ownContainers(objects).flatMap(({ env = [] }) => env.map(({ name }) => name))
  const undeclared = [...new Set([...Object.keys(given), ...named])].filter(
    (name) => !DECLARED.has(name) && !OF_THE_RUNTIME.includes(name),
  )
  try {
    readEnv(given)
    return undeclared
  } catch (error) {
    return [...undeclared, String(error)]
  }
}

export const objectRules: Rule[] = [
  {
    name: 'no-tokens',
    reason: 'Nothing here talks to Kubernetes, so nothing here holds a token or a right to do so.',
    check: tokens,
  },
  {
    name: 'labels',
    reason:
      'Costs and dashboards are told apart by labels; what has none is paid by nobody and seen by nobody.',
    check: unlabelled,
  },
  {
    name: 'one-namespace',
    reason:
      'An instance is a namespace: many of them share a cluster, and deleting it deletes all of it.',
    check: namespaces,
  },
  {
    name: 'declared-settings',
    reason:
      'What src/env.ts does not declare is read by nobody, and a value that it refuses stops the start.',
    check: settings,
  },
]
