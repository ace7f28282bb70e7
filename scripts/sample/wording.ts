import type { Article } from './articles.ts'
import type { Size, Unit } from './vocabulary.ts'

/** Styles of product names; real chains use each of them. */
export type Style = 'plain' | 'short' | 'cut' | 'brand-first' | 'gershayim'

const long: Record<Unit, string> = {
  gram: 'גרם',
  kilogram: 'ק"ג',
  milliliter: 'מ"ל',
  liter: 'ליטר',
  unit: "יח'",
}
const short: Record<Unit, string> = {
  gram: "ג'",
  kilogram: 'קג',
  milliliter: 'מל',
  liter: "ל'",
  unit: 'יח',
}
const CUT_AT = 24

function joined(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

function sizeText(article: Article, words: Record<Unit, string>): string {
  return article.brand === '' ? '' : `${article.size.amount} ${words[article.size.unit]}`
}

/** The product's name in a chain's own words. */
export function nameOf(article: Article, style: Style): string {
  const { noun, kind, brand } = article
  switch (style) {
    case 'plain':
      return joined(noun, kind, sizeText(article, long), brand)
    case 'short':
      return joined(noun, brand, kind, sizeText(article, short))
    case 'cut':
      return joined(noun, kind, sizeText(article, short), brand).slice(0, CUT_AT)
    case 'brand-first':
      return joined(brand === '' ? '' : `${brand} -`, noun, kind, sizeText(article, long))
    case 'gershayim':
      return joined(noun, kind, brand, sizeText(article, long))
        .replaceAll('"', '״')
        .replaceAll("'", '׳')
  }
}

const unitWords: Record<Style, Record<Unit, string>> = {
  plain: { gram: 'גרם', kilogram: 'ק"ג', milliliter: 'מ"ל', liter: 'ליטר', unit: 'יחידה' },
  short: {
    gram: 'גרמים',
    kilogram: 'קילוגרם',
    milliliter: 'מיליליטרים',
    liter: 'ליטרים',
    unit: 'יחידות',
  },
  cut: { gram: 'גרם', kilogram: 'קג', milliliter: 'מיליליטר', liter: 'ליטר', unit: 'לא ידוע' },
  'brand-first': {
    gram: 'Gram',
    kilogram: 'Kg',
    milliliter: 'Ml',
    liter: 'Liter',
    unit: 'Unknown',
  },
  gershayim: { gram: 'גרם', kilogram: 'ק״ג', milliliter: 'מ״ל', liter: 'ליטר', unit: 'יח׳' },
}

/** What the chain writes as `unitqty` (the unit of what the pack holds). */
export function unitWord({ unit }: Size, style: Style): string {
  return unitWords[style][unit]
}

/** What the chain writes as `unitofmeasure` (what the unit price refers to). */
export function measureWord({ unit }: Size): string {
  if (unit === 'gram' || unit === 'kilogram') return '100 גרם'
  return unit === 'unit' ? "1 יח'" : '100 מ"ל'
}

/** Agorot per `measureWord` as chains compute it: rounded and unreliable. */
export function measurePrice({ amount, unit }: Size, agorot: number): number {
  const hundreds =
    unit === 'kilogram' || unit === 'liter' ? amount * 10 : unit === 'unit' ? amount : amount / 100
  return agorot / hundreds
}
