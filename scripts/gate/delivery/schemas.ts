import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { CHECKERS } from './checkers.ts'
import { type Manifest, nameOf } from './manifest.ts'

export const SCHEMAS = 'python/kubernetes_validate/kubernetes-json-schema'

export interface Schemas {
  /** Returns the errors of an object, one line each. */
  validate: (object: Manifest) => string[]
}

/** The strict schemas of a Kubernetes version and of the custom resources that we use. */
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
  const cache = new Map<string, ValidateFunction>()
  const find = ({ apiVersion, kind }: Manifest) => {
    const key = `${apiVersion}/${kind}`
    const schema =
      cache.get(key) ??
      ajv.compile(custom.get(key) ?? readJson(join(folder, fileName(apiVersion, kind))))
    cache.set(key, schema)
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

/** The file of a kind's schema: for Deployment in `apps/v1` deployment-apps-v1.json. */
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

/**
 * The schemas of the definitions in `crds`, by `group/version/Kind`. They reject the fields that
 * the API server would drop.
 */
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
    // a pattern with the Go flag (?i) is not valid in JavaScript
    ...(typeof pattern === 'string' && !pattern.includes('(?i)') && { pattern }),
    ...(additionalProperties !== undefined && { additionalProperties }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, property]) => [key, strict(property)]),
      ),
    }),
    ...(properties && !open && { additionalProperties: false }),
    ...(items && { items: strict(items) }),
  }
}
