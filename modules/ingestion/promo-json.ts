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
 * an array, none as an empty text, null or an empty object.
 */
export function childrenOf(value: unknown, name: string): unknown[] {
  if (value === null || value === undefined || value === '') return []
  if (Array.isArray(value)) return value
  if (typeof value !== 'object') return [value]
  if (name in value) return childrenOf((value as Record<string, unknown>)[name], name)
  return Object.keys(value).length === 0 ? [] : [value]
}

/** What a member of a JSON object says, as a text; null where it says nothing. */
export function memberText(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  return plainText((value as Record<string, unknown>)[name])
}

/** A JSON text or number as a text; null for anything else and for nothing. */
export function plainText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value).replaceAll('\0', '').trim()
  return text === '' || text === "''" ? null : text
}
