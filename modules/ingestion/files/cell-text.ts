/** Invisible characters: text direction, zero width, soft hyphens, byte order marks, NUL. */
const INVISIBLE = /[\0\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g

/** A text without invisible characters, trimmed. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, '').trim()
}

/**
 * Words for "nothing", reduced to lower-case letters and digits: `NO_BODY` and `<no body/>` are
 * `nobody`.
 */
const NO_VALUE_WORDS = new Set(
  [
    'nobody unknown null none nan na nat nil undefined empty blank',
    'notavailable notapplicable notset novalue nodata',
    'לאידוע לאידועה לאמוגדר לאקיים לאזמין לאצוין לארלוונטי ללא איןנתון איןמידע אין ריק',
  ].flatMap((words) => words.split(' ')),
)
const LONGEST_WORD = 16
/** The longest word for "nothing". A longer text is empty only without letters and digits. */
const LONGEST_NO_VALUE = 24

/**
 * Whether a text is an empty value: blank, a word that converters write for an empty element, or
 * without letters and digits. Incomplete JSON and garbled letters are not empty values.
 */
export function isNoValue(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text))
    return !/[[{\uFFFD]|\?{2}/.test(text) || /^\s*(\[\s*\]|\{\s*\})\s*$/.test(text)
  if (text.length > LONGEST_NO_VALUE) return false
  const word = text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
  return word.length <= LONGEST_WORD && NO_VALUE_WORDS.has(word)
}

/**
 * Whether a short cell with this first byte may be empty: the byte begins neither a number nor most
 * words.
 */
const MAY_BE_NO_VALUE = new Uint8Array(256).map((_, byte) => {
  const character = String.fromCharCode(byte)
  return byte < 0x80 ? Number(!/[\da-z]/i.test(character) || /[nuebNUEB]/.test(character)) : 1
})
const HEBREW = 0xd7
/** The last bytes of the first two letters of Hebrew words for "nothing": לא, לל, אי, רי. */
const HEBREW_BEGINNINGS = new Set([0x9c90, 0x9c9c, 0x9099, 0xa899])
const MAX_BYTES = 26

/** `isNoValue` on the bytes of a cell, fast for numbers and names. */
export function isNoValueBytes(bytes: Buffer, length: number): boolean {
  if (length > MAX_BYTES) return false
  const first = bytes[0] as number
  if (MAY_BE_NO_VALUE[first] === 0) return false
  if (first === HEBREW) {
    const letters = ((bytes[1] as number) << 8) | (bytes[3] as number)
    if (!HEBREW_BEGINNINGS.has(letters)) return false
  }
  return isNoValue(bytes.toString('utf8', 0, length))
}

/** Longer texts are cut, because an index entry of PostgreSQL holds 2.7 kB. */
const LONGEST_TEXT = 1000

/**
 * The text of a cell, normalised (NFC, single spaces, no invisible characters); null for an empty
 * value.
 */
export function readText(cell: string | null): string | null {
  if (cell === null) return null
  const text = visibleText(
    cell.slice(0, LONGEST_TEXT).toWellFormed().normalize('NFC').replace(/\s+/g, ' '),
  )
  return isNoValue(text) ? null : text
}

/** A name or other text for readers; null also for garbled letters. */
export function readName(cell: string | null): string | null {
  const text = readText(cell)
  return text === null || isDestroyed(text) ? null : text
}

/** UTF-8 decoded as Windows-1252: every Hebrew letter becomes `×` and one more character. */
const HEBREW_AS_LATIN = /×[^\s\d\p{ASCII}\u0590-\u05FF]/gu

/**
 * Whether a wrong decoder garbled a text: it has replacement characters, control characters of
 * another code page, question marks in place of letters, or Hebrew decoded as Latin letters.
 */
export function isDestroyed(text: string): boolean {
  if (/[\uFFFD\u0080-\u009F]/.test(text)) return true
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  const questions = text.match(/\?/g)?.length ?? 0
  if (questions >= 2 && (questions >= letters || /\?{2,}\s*[^\s?!.)]/.test(text))) return true
  if ((text.match(HEBREW_AS_LATIN)?.length ?? 0) >= 2) return true
  const accented = text.match(/[à-ú]/g)?.length ?? 0
  return accented >= 3 && accented === letters
}
