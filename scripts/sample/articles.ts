import { barcode, internalCode } from './codes.ts'
import { chance, hash, pick, shuffled } from './random.ts'
import { families, looseGoods, type Size } from './vocabulary.ts'

/** A product of the sample; each chain has its own name, spelling and price for it. */
export type Article = {
  index: number
  /** The code without leading zeros, as a reader stores it. */
  code: string
  /** Index of the chain whose internal code this is; none for a barcode. */
  chain: number | undefined
  section: string
  noun: string
  kind: string
  brand: string
  size: Size
  weighted: boolean
  country: string
  /** Base price, before the chain's level and daily changes. */
  agorot: number
}

const LOOSE_SHARE = 0.1
const countries = ['ישראל', 'ישראל', 'ישראל', 'איטליה', 'טורקיה', 'גרמניה']

/**
 * All goods: 90% barcodes drawn from the vocabulary, and for each chain that has a counter its own
 * short codes. The same short code is another product in every chain.
 */
export function composeArticles(
  seed: number,
  count: number,
  counterChains: readonly number[],
): Article[] {
  const loosePerChain = Math.min(
    looseGoods.length,
    Math.floor((count * LOOSE_SHARE) / Math.max(1, counterChains.length)),
  )
  const packed = packedGoods(seed, count - loosePerChain * counterChains.length)
  const loose = counterChains.flatMap((chain) => looseOf(seed, chain, loosePerChain))
  return [...packed, ...loose].map((article, index) => ({ ...article, index }))
}

function packedGoods(seed: number, count: number): Omit<Article, 'index'>[] {
  const all = families.flatMap((family) =>
    family.brands.flatMap((brand) =>
      family.kinds.flatMap((kind) => family.sizes.map((size) => ({ family, brand, kind, size }))),
    ),
  )
  if (count > all.length)
    throw new Error(`Cannot make ${count} packed products: the vocabulary has ${all.length}`)
  const chosen = shuffled(
    all.map((_, index) => index),
    hash(seed, 1),
  ).slice(0, count)
  return chosen
    .sort((a, b) => a - b)
    .map((which, at) => {
      const { family, brand, kind, size } = pick(all, which)
      const base = family.low + chance(seed, 2, which) * (family.high - family.low)
      return {
        code: barcode(at),
        chain: undefined,
        section: family.section,
        noun: family.noun,
        kind,
        brand,
        size,
        weighted: false,
        country: pick(countries, hash(seed, 3, which)),
        agorot: Math.round(base * sizeFactor(size, pick(family.sizes, 0))) * 100 - 10,
      }
    })
}

/** A pack of twice the size costs a little less than twice as much. */
function sizeFactor(size: Size, first: Size): number {
  const ratio = inSmallUnits(size) / inSmallUnits(first)
  return size.unit === 'unit' && first.unit !== 'unit' ? 3 : 0.3 + 0.7 * ratio
}

function inSmallUnits({ amount, unit }: Size): number {
  return unit === 'kilogram' || unit === 'liter' ? amount * 1000 : amount
}

function looseOf(seed: number, chain: number, count: number): Omit<Article, 'index'>[] {
  return Array.from({ length: count }, (_, at) => {
    const which = (at * 5 + chain * 17) % looseGoods.length
    const good = pick(looseGoods, which)
    return {
      code: internalCode(good.sort, at),
      chain,
      section: good.sort,
      noun: good.name,
      kind: '',
      brand: '',
      size: { amount: 1, unit: good.byPiece ? 'unit' : 'kilogram' },
      weighted: !good.byPiece,
      country: 'ישראל',
      agorot: Math.round(good.shekels * (0.85 + 0.3 * chance(seed, 4, chain, which))) * 100 - 10,
    }
  })
}
