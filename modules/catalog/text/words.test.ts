import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { searchDocument } from '../search/document.ts'
import { readTyped } from '../search/typed.ts'
import { readWords, searchTokens } from './words.ts'

/** The result of `document @@ query` in PostgreSQL, including sizes and word forms. */
function finds(typed: string, name: string): boolean {
  const described = { name, manufacturer: null, unitOfMeasure: null, unitQuantity: null }
  const { text } = searchDocument(described, { names: [readWords(name)], rule: null })
  const lexemes = [...text.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '')
  const terms = readTyped(typed)
  const begins = (beginning: string) => lexemes.some((one) => one.startsWith(beginning))
  return (
    terms.length > 0 &&
    terms.every(
      ({ same, beginnings }) =>
        same.some((one) => lexemes.includes(one)) || beginnings.some(begins),
    )
  )
}

function findEachOther(...spellings: string[]): void {
  for (const typed of spellings)
    for (const name of spellings)
      expect([typed, name, finds(typed, name)]).toEqual([typed, name, true])
}

describe('search text', () => {
  test('all spellings of geresh and gershayim match each other', () => {
    findEachOther('מ"ל', 'מ״ל', "מ''ל", 'מ׳׳ל', 'מ”ל', 'מ``ל', 'מל')
    findEachOther("צ'יפס", 'צ׳יפס', 'צ`יפס', 'צ’יפס', 'צ´יפס', 'ציפס')
    findEachOther("10יח'", '10 יח׳', '10 יח`', '10 יח')
  })

  test('a double quote may separate two words or mark a long abbreviation', () => {
    expect(finds('נון', 'טונה פיקנטי"נון"160ג')).toBe(true)
    expect(finds('ללתס', 'סוכריות לל"תס 80 גרם')).toBe(true)
    expect(finds('לל״תס', 'סוכריות ללתס 80 גרם')).toBe(true)
  })

  test('niqqud, cantillation, presentation forms and accents are ignored', () => {
    findEachOther('שָׁלוֹם', 'שלום', 'שָׁ֑לוֹם', '\ufb2aלום')
    findEachOther('Café', 'CAFE', 'café', 'cafe\u0301')
  })

  test('final letters differ from regular letters', () => {
    expect(searchTokens('שמן')).toEqual(['שמן'])
    expect(finds('סלמונ', 'סלמון')).toBe(false)
  })

  test('letters and digits are separate words, and punctuation and maqaf separate words', () => {
    findEachOther('500גרם', '500 גרם', '500-גרם', '(500)גרם')
    findEachOther('קוקה־קולה', 'קוקה-קולה', 'קוקה קולה', 'קוקה/קולה', 'קולה, קוקה')
    findEachOther('ויטמיןC', 'ויטמין C', 'ויטמין c')
    findEachOther('6X330', '6*330', '6 330', '6×330')
  })

  test('all spellings of numbers and percentages match each other', () => {
    expect(searchTokens('חלב 3% 1.5 ליטר')).toEqual(['חלב', '3%', '1.5', 'ליטר'])
    findEachOther('חלב 3%', 'חלב %3', 'חלב 3 %', 'חלב 3.0%', 'חלב%3')
    findEachOther('1.5 ליטר', '1,5 ליטר', '1.50ליטר')
    findEachOther('12,000', '12000')
    expect(finds('3', 'חלב 3%')).toBe(true)
  })

  test('prefixes of words match in any order', () => {
    expect(finds('תנו חל', 'חלב תנובה 3%')).toBe(true)
    expect(finds('לב', 'חלב תנובה 3%')).toBe(false)
  })

  test('a number matches whole numbers only, and may be a size', () => {
    expect(finds('50', 'ביסלי 500 גרם')).toBe(false)
    expect(finds('50', 'ביסלי 50 גרם')).toBe(true)
    expect(finds('1.5', 'מים 15 ליטר')).toBe(false)
    findEachOther('1.5 ליטר', '1500 מ"ל', '1.5ל')
    findEachOther('0.5 ק"ג', '500 גר', '500ג')
    expect(finds('1.5', 'מים 1500 מל')).toBe(true)
    expect(finds('500', 'קמח 500 גרם')).toBe(true)
    expect(finds('500 מל', 'קמח 500 גרם')).toBe(false)
  })

  test('word forms and names in Latin letters match each other', () => {
    findEachOther('עגבניות', 'עגבניה')
    findEachOther('חיתולים', 'חיתולי')
    findEachOther('מלפפונים', 'מלפפון')
    expect(finds('גבינה', 'גבינת עמק')).toBe(true)
    expect(finds('ביצים', 'ביצה')).toBe(true)
    expect(finds('coca COLA', 'קוקה קולה זירו')).toBe(true)
    findEachOther('תפוחי אדמה', 'תפו"א', 'תפוח אדמה')
  })

  test('texts without words have no search terms', () => {
    expect(['', ' ', '"', '!!!', '\u0000', "'\\&|!:*()"].map(readTyped)).toEqual([
      [],
      [],
      [],
      [],
      [],
      [],
    ])
    expect(searchTokens('״-')).toEqual([])
  })

  test('any text gives words that need no quoting, and matches itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const token of searchTokens(text)) expect(token).toMatch(/^[\p{L}\d.%]{1,64}$/u)
        if (readTyped(text).length > 0) expect(finds(text, text)).toBe(true)
      }),
    )
  })
})
