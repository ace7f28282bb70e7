import { isNoValue, visibleText } from '../files/cell-text.ts'

/** The JSON of a cell; undefined where it cannot be read. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The children of a nested element, by the child's name: the publisher's parser writes one child as an object, several as
 * an array, none as an empty text, a word for nothing, null or an empty object. The children may also stand without the element around them.
 */
export function childrenOf(value: unknown, name: string): unknown[] {
  const isObject = typeof value === 'object' && value !== null
  const inner = isObject && name in value ? (value as Record<string, unknown>)[name] : value
  if (Array.isArray(inner)) return inner
  const isEmpty =
    typeof inner === 'object'
      ? Object.keys(inner ?? {}).length === 0
      : inner === undefined || (typeof inner === 'string' && isNoValue(inner))
  return isEmpty ? [] : [inner]
}

/** What a member of a JSON object says, as a text; null where it says nothing. */
export function memberText(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  return plainText((value as Record<string, unknown>)[name])
}

/** A JSON text, number or boolean as a text; null for anything else and for words that say nothing. */
export function plainText(value: unknown): string | null {
  if (typeof value === 'object' || value === undefined) return null
  const text = visibleText(String(value).toWellFormed())
  return isNoValue(text) ? null : text
}
