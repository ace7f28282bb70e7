import { isNoValue, visibleText } from '../files/cell-text.ts'
import { childrenOf, memberText, plainText, readJson } from './promo-json.ts'

/** A club by its code. Some chains add its name. */
export type Club = { code: string; name: string | null }

/** `1 - name`, `1: name`, `(1) name`, `1. name`. */
const NAMED = /^\(?(\d{1,6})\)?\s*[-–—:|.=]\s*(\D.*)$|^\((\d{1,6})\)\s*(\D.*)$/

/**
 * The codes of the clubs that may use a promotion. An empty list means everyone, and so does a code
 * that begins with 0. Cells hold them as text or as JSON, also nested. Undefined for a cell with
 * unreadable JSON.
 */
export function readClubs(cells: (string | null)[], nested: unknown): Club[] | undefined {
  const values = cells.map((cell) =>
    cell === null || !/^\s*[[{]/.test(cell) ? cell : readJson(cell),
  )
  if (values.includes(undefined)) return undefined
  const clubs = [...values, nested]
    .flatMap((value) => childrenOf(value, 'clubid'))
    .flatMap((id) => plainText(id) ?? memberText(id, 'clubid') ?? [])
    .flatMap(separated)
    .filter((text) => !isNoValue(text))
    .map(readClub)
  if (clubs.some(({ code }) => code.startsWith('0'))) return []
  const byCode = new Map(clubs.map((club) => [club.code, club]))
  return [...byCode.values()].sort((a, b) => (a.code < b.code ? -1 : 1))
}

/** Splits several clubs in one text, `1, 3` or `1 - a; 3 - b`, only if each has a code. */
function separated(text: string): string[] {
  const parts = text.split(/[,;|]/).map((part) => visibleText(part))
  return parts.length > 1 && parts.every((part) => /^\(?\d/.test(part)) ? parts : [text]
}

function readClub(text: string): Club {
  const visible = visibleText(text.replace(/\s+/g, ' '))
  const match = NAMED.exec(visible)
  const code = match?.[1] ?? match?.[3]
  if (code !== undefined) return { code, name: match?.[2] ?? match?.[4] ?? null }
  return { code: /^(\d+)\.0+$/.exec(visible)?.[1] ?? visible, name: null }
}
