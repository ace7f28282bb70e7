/** Marks that are not seen: text direction, zero width, soft hyphens, byte order, NUL. */
const INVISIBLE = /[\0\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g

/** A text without marks that are not seen, and without blanks at its ends. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, '').trim()
}

/** Words for "nothing", as letters and digits alone in lower case: `NO_BODY` and `<no body/>` are `nobody`. */
const NO_VALUE_WORDS = new Set(
  [
    'nobody unknown null none nan na nat nil undefined empty blank',
    'notavailable notapplicable notset novalue nodata',
    'לאידוע לאידועה לאמוגדר לאקיים לאזמין לאצוין לארלוונטי ללא איןנתון איןמידע אין ריק',
  ].flatMap((words) => words.split(' ')),
)
const LONGEST_WORD = 16
/** No text for "nothing" has more characters: a longer one is looked at for letters and digits alone. */
const LONGEST_NO_VALUE = 24

/**
 * Whether a cell, a member of nested JSON, a name or a code says nothing: it is blank, one of the words
 * that converters write for an empty element, or has no letter or digit. Torn JSON and destroyed letters are not nothing.
 */
export function isNoValue(text: string): boolean {
  if (!/[\p{L}\p{N}]/u.test(text))
    return !/[[{\uFFFD]|\?{2}/.test(text) || /^\s*(\[\s*\]|\{\s*\})\s*$/.test(text)
  if (text.length > LONGEST_NO_VALUE) return false
  const word = text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
  return word.length <= LONGEST_WORD && NO_VALUE_WORDS.has(word)
}

/** By its first byte, whether a short cell may say nothing: it begins neither like a number nor like most words. */
const MAY_SAY_NOTHING = new Uint8Array(256).map((_, byte) => {
  const character = String.fromCharCode(byte)
  return byte < 0x80 ? Number(!/[\da-z]/i.test(character) || /[nuebNUEB]/.test(character)) : 1
})
const HEBREW = 0xd7
/** The last bytes of the first two letters that Hebrew words for "nothing" have: לא, לל, אי, רי. */
const HEBREW_BEGINNINGS = new Set([0x9c90, 0x9c9c, 0x9099, 0xa899])
const MAX_BYTES = 26

/** The same of a cell's bytes, quickly for the many that are numbers and names. */
export function bytesSayNothing(bytes: Buffer, length: number): boolean {
  if (length > MAX_BYTES) return false
  const first = bytes[0] as number
  if (MAY_SAY_NOTHING[first] === 0) return false
  if (first === HEBREW) {
    const letters = ((bytes[1] as number) << 8) | (bytes[3] as number)
    if (!HEBREW_BEGINNINGS.has(letters)) return false
  }
  return isNoValue(bytes.toString('utf8', 0, length))
}

/** Longer texts are cut: an index of PostgreSQL holds 2.7 kB. */
const LONGEST_TEXT = 1000

/** What a cell says, in one form (NFC, single blanks, no invisible marks); null when it says nothing. */
export function readText(cell: string | null): string | null {
  if (cell === null) return null
  const text = visibleText(
    cell.slice(0, LONGEST_TEXT).toWellFormed().normalize('NFC').replace(/\s+/g, ' '),
  )
  return isNoValue(text) ? null : text
}

/** A name, or any text for people: null also when a decoder destroyed its letters. */
export function readName(cell: string | null): string | null {
  const text = readText(cell)
  return text === null || isDestroyed(text) ? null : text
}

/** UTF-8 that was read as Windows-1252: every Hebrew letter is `×` and one more character. */
const HEBREW_AS_LATIN = /×[^\s\d\p{ASCII}\u0590-\u05FF]/gu

/**
 * Whether a decoder destroyed a text: it has replacement characters, control characters of another code
 * page, question marks where letters were, or Hebrew that was read as Latin letters.
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
