import type { Style } from './wording.ts'

/** An invented chain and how it writes its files; every habit occurs in real files. */
export type Chain = {
  index: number
  /** 13 digits with a valid check digit; no real chain has this id. */
  id: string
  subChain: string
  name: string
  slug: string
  /** A second slug that some of its files use. */
  secondSlug?: string
  /** Share of the stores, out of 60. */
  weight: number
  firstStore: number
  /** Price level relative to the other chains. */
  level: number
  /** Share of all packed goods that the chain sells, and share of those that one store sells. */
  range: number
  shelf: number
  /** Sells only goods of these sections of the vocabulary. */
  sections?: readonly string[]
  /** Sells loose goods under its own short codes. */
  counter: boolean
  style: Style
  fileNames: 'plain' | 'null-prefix' | 'sub-chain' | 'no-extension'
  dates: 'seconds' | 'minutes' | 'slashes' | 'milliseconds'
  /** Decimal places of a price; `short` drops trailing zeros. */
  decimals: 'short' | 2 | 4
  /** Digits that a store number is padded to, in price files and in store files. */
  storePadding: { price: number; store: number }
  /** Digits that an item code is padded to. */
  codePadding: number
  /** What it writes for an unknown value. */
  nothing: '' | 'לא ידוע'
  /** Renamed columns. */
  aliases: Record<string, string>
  dropped: readonly string[]
  /** An unknown column that appears in the middle of the header, half way through the days. */
  extraColumn?: string
  /** The first block ends lines with CRLF, the others with LF. */
  mixedLineEnds: boolean
  /**
   * The form before `''` existed, for the first quarter of the days, in files with a date in their
   * names.
   */
  oldFormFirst: boolean
  deltas: boolean
  /** Whether a product that ran out stays in the full list at price 0 or is left out. */
  soldOutAsZero: boolean
  storeFile: 'nightly' | 'header on odd days' | 'weekly, with stores missing'
  cities: 'names' | 'codes' | 'some zero'
  coordinates: boolean
  promotions: 'A' | 'B' | 'C'
}
