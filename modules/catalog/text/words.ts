/**
 * Words for the search of Hebrew product names. Product names and search texts are read in the same
 * way.
 *
 * Niqqud, cantillation and accents are removed (NFKD, then without marks), and Latin letters are
 * lower-cased. Geresh and gershayim, in any of their characters, are removed inside a word: `מ"ל`,
 * `מ״ל`, `מ''ל` and `מל` are one word.
 *
 * All other punctuation (also maqaf) separates words. Hebrew letters, other letters and numbers are
 * separate words, so `500גרם` is `500 גרם`.
 */
const SINGLE = "'`´ʹʼ׳‘’‚‛′"
const DOUBLE = '"ʺ״“”„‟″'
const QUOTES = new RegExp(`[${SINGLE}${DOUBLE}]+`, 'gu')
const DOUBLE_BETWEEN_WORDS = new RegExp(
  `(?<=\\p{L}{2})(?:[${DOUBLE}]|[${SINGLE}]{2})(?=\\p{L}{2})`,
  'gu',
)
const WORD = /\d+(?:\.\d+)?%?|[א-ת\u05ef-\u05f2]+|(?:(?![א-ת\u05ef-\u05f2])\p{L})+/gu
/** The maximum word length, in documents and queries: PostgreSQL refuses lexemes above 2 kB. */
const MAX_WORD_LENGTH = 64

/** Matches most names. They need no Unicode normalization, so it is skipped for them. */
const PLAIN = /^[\0-\x7fא-ת]*$/

/** The words of a text in their order. */
export function searchWords(text: string): string[] {
  return readWords(text).words
}

/** The words of a text in both readings, without duplicates. */
export function searchTokens(text: string): string[] {
  const { words, others } = readWords(text)
  return [...new Set([...words, ...others])]
}

/**
 * The words of a text in their order, and the words of a second reading if there is one. A double
 * quote with two or more letters on both sides is part of an abbreviation (`לל"תס`) or separates
 * two words (`פיקנטי"נון"`).
 */
export function readWords(text: string): { words: string[]; others: string[] } {
  const plain = PLAIN.test(text)
    ? text.toLowerCase()
    : text
        .replaceAll('´', "'") // compatibility decomposition would make it a space
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{M}+/gu, '')
  const parted = plain.replace(DOUBLE_BETWEEN_WORDS, ' ')
  return { words: wordsOf(plain), others: parted === plain ? [] : wordsOf(parted) }
}

function wordsOf(plain: string): string[] {
  const text = plain.replace(QUOTES, '')
  return ((/\d/.test(text) ? numbersAsWritten(text) : text).match(WORD) ?? []).map((word) =>
    word.slice(0, MAX_WORD_LENGTH),
  )
}

/** Normalizes numbers: `12,000` → 12000, `1,50` → 1.5, `6X330` → 6 330, `%3` and `3 %` → 3%. */
function numbersAsWritten(text: string): string {
  return text
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/(?<=\d),(?=\d)/g, '.')
    .replace(/(?<=\d)\s*[x×*]\s*(?=\d)/g, ' ')
    .replace(/(?<![\d%]\s?)%\s?(\d+(?:\.\d+)?)(?![\d.]*%)/g, '$1% ')
    .replace(/(?<=\d)\s+%/g, '%')
    .replace(/(\d)\.(\d*?)0+(?!\d)/g, (_, whole: string, rest: string) =>
      rest === '' ? whole : `${whole}.${rest}`,
    )
}
