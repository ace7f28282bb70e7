/**
 * Words for the search of Hebrew product names, the same for documents and for what people type.
 *
 * Niqqud, cantillation and accents go (NFKD, then without marks), Latin is lower-cased. Geresh and gershayim, in any of
 * the characters that stand for them, are dropped inside a word: `מ"ל`, `מ״ל`, `מ''ל` and `מל` are one word. All other
 * punctuation (maqaf too) separates. Hebrew, other letters and numbers are separate words, so `500גרם` is `500 גרם`.
 */
const SINGLE = "'`´ʹʼ׳‘’‚‛′"
const DOUBLE = '"ʺ״“”„‟″'
const QUOTES = new RegExp(`[${SINGLE}${DOUBLE}]+`, 'gu')
const DOUBLE_BETWEEN_WORDS = new RegExp(
  `(?<=\\p{L}{2})(?:[${DOUBLE}]|[${SINGLE}]{2})(?=\\p{L}{2})`,
  'gu',
)
const WORD = /\d+(?:\.\d+)?%?|[א-ת\u05ef-\u05f2]+|(?:(?![א-ת\u05ef-\u05f2])\p{L})+/gu
/** Longer words are cut, in documents and queries alike: PostgreSQL refuses lexemes past 2 kB. */
const LONGEST = 64

/** Most names have nothing else: what follows is spared then. */
const PLAIN = /^[\0-\x7fא-ת]*$/

/** The words of a text in their order. */
export function searchWords(text: string): string[] {
  return readWords(text).words
}

/** The words of a text by either reading, each once. */
export function searchTokens(text: string): string[] {
  const { words, others } = readWords(text)
  return [...new Set([...words, ...others])]
}

/**
 * The words of a text in their order, and those of another reading where there is one: a double quote with two letters or
 * more on both sides is an abbreviation (`לל"תס`) or stands between two words (`פיקנטי"נון"`).
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
    word.slice(0, LONGEST),
  )
}

/** One way to write each number: `12,000` → 12000, `1,50` → 1.5, `6X330` → 6 330, `%3` and `3 %` → 3%. */
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
