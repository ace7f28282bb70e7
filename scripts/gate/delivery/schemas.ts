import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { CHECKERS } from './checkers.ts'
import { type Manifest, nameOf } from './manifest.ts'

export const SCHEMAS = 'python/kubernetes_validate/kubernetes-json-schema'

export interface Schemas {
  /** What is wrong with an object, a line each. */
  validate: (object: Manifest) => string[]
}

/** The strict schemas of a version of Kubernetes and those of the custom resources that we use. */
export function readSchemas(kubernetes: string): Schemas {
  const folder = join(CHECKERS, SCHEMAS, `${kubernetes}-local-strict`)
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    validateFormats: false,
    allErrors: true,
  })
  ajv.addSchema(readJson(join(folder, '_definitions.json')), '_definitions.json')
  const custom = readCustom()
  const known = new Map<string, ValidateFunction>()
  const find = ({ apiVersion, kind }: Manifest) => {
    const key = `${apiVersion}/${kind}`
    const schema =
      known.get(key) ??
      ajv.compile(custom.get(key) ?? readJson(join(folder, fileName(apiVersion, kind))))
    known.set(key, schema)
    return schema
  }
  return {
    validate: (object) => {
      const schema = find(object)
      if (schema(object)) return []
      return (schema.errors ?? []).map(({ instancePath, message, params }) => {
        return `${nameOf(object)}${instancePath}: ${message} ${JSON.stringify(params)}`
      })
    },
  }
}

/** `apps/v1` Deployment: deployment-apps-v1.json. */
function fileName(apiVersion: string, kind: string): string {
  const [version = '', group] = apiVersion.split('/').reverse()
  return `${[kind.toLowerCase(), ...(group ? [group.split('.')[0]] : []), version].join('-')}.json`
}

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8'))
}

type Schema = {
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: unknown
  [key: string]: unknown
}

interface Definition {
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[]
  }
}

/** The schemas of the definitions in `crds`, by `group/version/Kind`, made strict as the API server prunes. */
function readCustom(): Map<string, object> {
  const folder = join(CHECKERS, 'crds')
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const definitions = texts.flatMap((text) =>
    [Bun.YAML.parse(text)].flat(),
  ) as (Definition | null)[]
  return new Map(
    definitions.flatMap((definition) => {
      if (definition === null) return []
      const { group, names, versions } = definition.spec
      return versions.map(({ name, schema }) => {
        const { properties = {}, ...rest } = strict(schema.openAPIV3Schema)
        const whole = { ...rest, properties: { ...properties, metadata: { type: 'object' } } }
        return [`${group}/${name}/${names.kind}`, whole] as const
      })
    }),
  )
}

function strict(schema: Schema): Schema {
  const { pattern, properties, items, additionalProperties, ...rest } = schema
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties !== undefined
  return {
    ...rest,
    // a pattern with a flag of Go's is none in JavaScript
    ...(typeof pattern === 'string' && !pattern.includes('(?i)') && { pattern }),
    ...(additionalProperties !== undefined && { additionalProperties }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, one]) => [key, strict(one)]),
      ),
    }),
    ...(properties && !open && { additionalProperties: false }),
    ...(items && { items: strict(items) }),
  }
}
