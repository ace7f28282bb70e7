import { describe, expect, test } from 'bun:test'
import { joinPhrases, translate } from './foreign-words.ts'
import { hebrewSpellings } from './transliteration.ts'
import { searchWords } from './words.ts'

describe('translate', () => {
  test.each([
    ['milk', ['חלב']],
    ['eggs', ['ביצים', 'ביצה']],
    ['potatoes', ['תפוא']],
    ['cherries', ['דובדבן']],
    ['tomatoes', ['עגבניה']],
    ['молоко', ['חלב']],
    ['мёд', ['דבש']],
    ['масло', ['חמאה', 'שמן']],
    ['milka', []],
    ['חלב', []],
  ])('%s is %j', (typed, hebrew) => {
    expect(translate(searchWords(typed)[0] ?? '')).toEqual(hebrew)
  })

  test('two words of a phrase are joined into one', () => {
    expect(joinPhrases(['vanilla', 'ice', 'cream'])).toEqual(['vanilla', 'icecream'])
    expect(joinPhrases(['sweet', 'potatoes'])).toEqual(['sweetpotato'])
    expect(joinPhrases(['sour', 'cream'])).toEqual(['sour', 'cream'])
  })
})

describe('hebrewSpellings', () => {
  test.each([
    ['spaghetti', 'ספגטי'],
    ['max', 'מקס'],
    ['philip', 'פיליפ'],
    ['chicco', 'ציקו'],
    ['nutella', 'נוטלה'],
    ['нутелла', 'נוטלה'],
    ['barilla', 'ברילה'],
    ['qatzrin', 'קצרין'],
    ['heinz', 'היינץ'],
  ])('%s may be %s', (typed, hebrew) => {
    expect(hebrew).toMatch(new RegExp(hebrewSpellings(typed) ?? 'none', 'u'))
  })

  test('a different word does not match the spellings', () => {
    expect('ספרייט').not.toMatch(new RegExp(hebrewSpellings('spaghetti') ?? '', 'u'))
    expect('נוטלה לבנה').not.toMatch(new RegExp(hebrewSpellings('nutella') ?? '', 'u'))
  })

  test('a word in other letters or with too few consonants has no spellings', () => {
    for (const word of ['חלב', 'a', 'ai', 'oua', '日本', 'x1'])
      expect(hebrewSpellings(word)).toBeNull()
  })
})
