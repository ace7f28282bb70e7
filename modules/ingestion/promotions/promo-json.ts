import { isNoValue, visibleText } from '../files/cell-text.ts'

/** The JSON of a cell; undefined for invalid JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The children of a nested element, by the child's name. The publisher's parser writes one child as
 * an object, several as an array, none as an empty text, a word for "nothing", null or an empty
 * object. The element around the children may be missing.
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

/** The text of a member of a JSON object; null for an empty value. */
export function memberText(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  return plainText((value as Record<string, unknown>)[name])
}

/** A JSON string, number or boolean as text; null for anything else and for words for "nothing". */
export function plainText(value: unknown): string | null {
  if (typeof value === 'object' || value === undefined) return null
  const text = visibleText(String(value).toWellFormed())
  return isNoValue(text) ? null : text
}
