import {
  type Container,
  type Manifest,
  nameOf,
  ofKind,
  podsOf,
  type Selector,
  selects,
} from './manifest.ts'
import type { Rule } from './rule.ts'

/** Objects that people create first, as the READMEs of the components say. */
const FROM_OUTSIDE = ['Secret super-zol']

/** The names of objects that exist after an overlay is applied. */
function definedNames(objects: Manifest[]): Set<string> {
  const bySecret = ofKind<{ target: { name: string } }>(objects, 'ExternalSecret').map(
    ({ spec }) => `Secret ${spec.target.name}`,
  )
  const secrets = ofKind(objects, 'Secret').length + bySecret.length
  return new Set([...objects.map(nameOf), ...bySecret, ...(secrets === 0 ? FROM_OUTSIDE : [])])
}

function wanted({ env = [], envFrom = [] }: Container): string[] {
  return [
    ...env.flatMap(({ valueFrom }) =>
      valueFrom?.secretKeyRef ? [`Secret ${valueFrom.secretKeyRef.name}`] : [],
    ),
    ...envFrom.flatMap(({ configMapRef }) =>
      configMapRef ? [`ConfigMap ${configMapRef.name}`] : [],
    ),
  ]
}

function dangling(objects: Manifest[]): string[] {
  const defined = definedNames(objects)
  const ofPods = podsOf(objects).flatMap(({ name, spec, containers }) => {
    const templates = (
      ofKind<{ volumeClaimTemplates?: { metadata: { name: string } }[] }>(objects, 'StatefulSet') ??
      []
    )
      .filter((set) => nameOf(set as Manifest) === name)
      .flatMap((set) => set.spec.volumeClaimTemplates ?? [])
    const volumes = [
      ...(spec.volumes ?? []).map((volume) => volume.name),
      ...templates.map(({ metadata }) => metadata.name),
    ]
    const mounts = containers.flatMap(({ volumeMounts = [] }) =>
      volumeMounts.filter((mount) => !volumes.includes(mount.name)),
    )
    const names = [
      `ServiceAccount ${spec.serviceAccountName}`,
      ...containers.flatMap(wanted),
      ...(spec.volumes ?? []).flatMap(({ configMap, secret, persistentVolumeClaim }) => [
        ...(configMap && !configMap.optional ? [`ConfigMap ${configMap.name}`] : []),
        ...(secret && !secret.optional ? [`Secret ${secret.secretName}`] : []),
        ...(persistentVolumeClaim
          ? [`PersistentVolumeClaim ${persistentVolumeClaim.claimName}`]
          : []),
      ]),
    ]
    const absent = names.filter((reference) => !defined.has(reference))
    return [
      ...absent.map((reference) => `${name} → ${reference}`),
      ...mounts.map((mount) => `${name} → volume ${mount.name}`),
    ]
  })
  const probes = ofKind<{ prober: { url: string } }>(objects, 'Probe')
    .map(({ spec }) => `Service ${spec.prober.url.split(':')[0]}`)
    .filter((service) => !defined.has(service))
    .map((service) => `Probe → ${service}`)
  return [...ofPods, ...probes]
}

interface ServiceSpec {
  selector: Record<string, string>
  ports: { name: string; port: number; targetPort: string | number }[]
}

interface IngressSpec {
  rules: {
    host: string
    http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] }
  }[]
  tls?: { hosts: string[] }[]
}

function unserved(objects: Manifest[]): string[] {
  const pods = podsOf(objects)
  const services = ofKind<ServiceSpec>(objects, 'Service')
  const closed = services.flatMap(({ metadata, spec }) =>
    spec.ports
      .filter(({ targetPort }) => {
        const behind = pods.filter(({ labels }) =>
          selects({ matchLabels: spec.selector } satisfies Selector, labels),
        )
        const ports = behind.flatMap(({ spec: pod }) =>
          pod.containers.flatMap(({ ports = [] }) => ports),
        )
        return !ports.some(
          ({ name, containerPort }) => targetPort === name || targetPort === containerPort,
        )
      })
      .map(({ targetPort }) => `Service ${metadata.name} → port ${targetPort}`),
  )
  const routes = ofKind<IngressSpec>(objects, 'Ingress').flatMap(({ metadata, spec }) => {
    const { namespace, annotations = {} } = metadata
    const middlewares = (annotations['traefik.ingress.kubernetes.io/router.middlewares'] ?? '')
      .split(',')
      .filter(Boolean)
    const names = ofKind(objects, 'Middleware').map(
      (middleware) => `${namespace}-${middleware.metadata.name}@kubernetescrd`,
    )
    const hosts = spec.rules.map(({ host }) => host)
    const bare = spec.tls
      ? hosts.filter((host) => !spec.tls?.some((tls) => tls.hosts.includes(host)))
      : []
    const backends = spec.rules.flatMap(({ http }) =>
      http.paths.map(({ backend }) => backend.service),
    )
    const nowhere = backends.filter(
      ({ name, port }) =>
        !services.some(
          (service) =>
            service.metadata.name === name &&
            service.spec.ports.some((open) => open.name === port.name),
        ),
    )
    return [
      ...middlewares.filter((name) => !names.includes(name)).map((name) => `middleware ${name}`),
      ...bare.map((host) => `no certificate for ${host}`),
      ...nowhere.map(({ name, port }) => `Service ${name}, port ${port.name}`),
    ].map((what) => `Ingress ${metadata.name} → ${what}`)
  })
  return [...closed, ...routes]
}

export const referenceRules: Rule[] = [
  {
    name: 'no-dangling-references',
    reason:
      'A pod that names what is not there waits for it for ever, without an error in any log.',
    check: dangling,
  },
  {
    name: 'served-routes',
    reason:
      'A way from the outside to a pod is as long as its weakest name: host, middleware, service, port.',
    check: unserved,
  },
]
