import type { Style } from './wording.ts'

/** An invented chain, and the habits of its publisher: every one of them is found in real files. */
export type Chain = {
  index: number
  /** 13 digits with a valid check digit, as real ones; nobody has them. */
  id: string
  subChain: string
  name: string
  slug: string
  /** A second slug that some of its files come under. */
  secondSlug?: string
  /** Stores out of 60. */
  weight: number
  firstStore: number
  /** Price level against the others. */
  level: number
  /** Share of all packed goods that it sells, and of those what one store has. */
  range: number
  shelf: number
  /** Limits it to these sections of the vocabulary. */
  sections?: readonly string[]
  /** Sells loose goods under short codes of its own. */
  counter: boolean
  style: Style
  fileNames: 'plain' | 'null-prefix' | 'sub-chain' | 'no-extension'
  dates: 'seconds' | 'minutes' | 'slashes' | 'milliseconds'
  /** Digits after the point of a price; `short` drops trailing zeros. */
  decimals: 'short' | 2 | 4
  /** Digits that a store number is padded to, in price files and in store files. */
  storePadding: { price: number; store: number }
  /** Digits that an item code is padded to. */
  codePadding: number
  /** What it writes where it knows nothing. */
  nothing: '' | 'לא ידוע'
  /** Renamed columns. */
  aliases: Record<string, string>
  dropped: readonly string[]
  /** A column that nobody knows, which turns up half way through the days, in the middle of the header. */
  extraColumn?: string
  /** Its first block ends its lines with CRLF, the others with LF. */
  mixedLineEnds: boolean
  /** The form before `''` existed, for the first quarter of the days, in files with a date in their names. */
  oldFormFirst: boolean
  deltas: boolean
  /** A product that ran out stays in the full list at price 0, or is left out. */
  soldOutAsZero: boolean
  storeFile: 'nightly' | 'header on odd days' | 'weekly, with stores missing'
  cities: 'names' | 'codes' | 'some zero'
  coordinates: boolean
  promotions: 'A' | 'B' | 'C'
}
