import { type Article, composeArticles } from './articles.ts'
import type { Chain } from './chain.ts'
import { chains } from './chains.ts'
import { chance, hash, pick } from './random.ts'
import { placeStores, type Store } from './stores.ts'

export type SampleOptions = {
  seed?: number
  days?: number
  /** At least one per chain (6). */
  stores?: number
  products?: number
  /** The newest day, `YYYY-MM-DD`. */
  lastDay?: string
}

/**
 * What is true in the invented market. Time runs in slots, two a day: the night (even) and noon
 * (odd). `offer` is what a store asks for an article (agorot), 0 when it ran out, undefined when
 * the store doesn't have it.
 */
export type World = {
  seed: number
  dates: string[]
  chains: readonly Chain[]
  stores: readonly Store[]
  articles: readonly Article[]
  shelf(store: Store): readonly Article[]
  offer(store: Store, article: Article, slot: number): number | undefined
  /** The time slot in which the current price was set; -1 before the first day. */
  pricedAt(store: Store, article: Article, slot: number): number
}

const ZONES = 3
/** Share of prices that change in a time slot: 0.3% a day. */
const CHANGE_RATE = 0.0015
const RAN_OUT_RATE = 0.0008
const RAN_OUT_SLOTS = 3

export function createWorld(options: SampleOptions = {}): World {
  const {
    seed = 1,
    days = 14,
    stores: storeCount = 60,
    products = 3000,
    lastDay = '2026-05-03',
  } = options
  const articles = composeArticles(
    seed,
    products,
    chains.filter((chain) => chain.counter).map((chain) => chain.index),
  )
  const stores = placeStores(chains, storeCount, days)
  const zones = chains.flatMap((chain) =>
    Array.from({ length: ZONES }, (_, zone) => priceZone(seed, chain, zone, articles, days * 2)),
  )
  const zoneOf = ({ chain, zone }: Store) => zones[chain.index * ZONES + zone]
  const shelves = new Map(
    stores.map((store) => [store, articles.filter((article) => isOnShelf(seed, store, article))]),
  )
  return {
    seed,
    dates: lastDates(lastDay, days),
    chains,
    stores,
    articles,
    shelf: (store) => shelves.get(store) ?? [],
    offer(store, article, slot) {
      if (!isListed(seed, store, article, slot, days)) return undefined
      if (ranOut(seed, store, article, slot)) return 0
      return zoneOf(store)?.prices[slot]?.[article.index]
    },
    pricedAt: (store, article, slot) => zoneOf(store)?.since[slot]?.[article.index] ?? -1,
  }
}

function lastDates(lastDay: string, days: number): string[] {
  const last = Date.parse(`${lastDay}T00:00:00Z`)
  if (Number.isNaN(last))
    throw new Error(`Cannot read the last day "${lastDay}": it must be YYYY-MM-DD`)
  return Array.from({ length: days }, (_, day) =>
    new Date(last - (days - 1 - day) * 86_400_000).toISOString().slice(0, 10),
  )
}

/** The prices of a chain's zone in every time slot, and the slot in which each began. */
function priceZone(
  seed: number,
  chain: Chain,
  zone: number,
  articles: readonly Article[],
  slots: number,
) {
  const key = chain.index * ZONES + zone
  const first = articles.map((article) => {
    const level =
      chain.level *
      (0.94 + 0.03 * zone) *
      (0.92 + 0.16 * chance(seed, 10, chain.index, article.index))
    return toTenAgorot(article.agorot * level)
  })
  const prices = [Int32Array.from(first)]
  const since = [new Int16Array(articles.length).fill(-1)]
  for (let slot = 1; slot < slots; slot++) {
    const now = Int32Array.from(prices[slot - 1] ?? [])
    const at = Int16Array.from(since[slot - 1] ?? [])
    for (let i = 0; i < now.length; i++) {
      if (chance(seed, 11, key, i, slot) >= CHANGE_RATE) continue
      now[i] = changed(now[i] ?? 0, hash(seed, 12, key, i, slot))
      at[i] = slot
    }
    prices.push(now)
    since.push(at)
  }
  return { prices, since }
}

function toTenAgorot(agorot: number): number {
  return Math.max(50, Math.round(agorot / 10) * 10)
}

/** Up to 15% up or down, and never unchanged. */
function changed(agorot: number, h: number): number {
  const next = toTenAgorot(agorot * (0.85 + 0.3 * (h / 4_294_967_296)))
  return next === agorot ? agorot + 10 : next
}

/** Every packed product is sold by at least one chain; others may sell it too. */
function isOnShelf(seed: number, { chain, index }: Store, article: Article): boolean {
  if (article.chain !== undefined) {
    return (
      article.chain === chain.index && chance(seed, 13, chain.index, index, article.index) < 0.8
    )
  }
  if (!maySell(chain, article)) return false
  const homes = chains.filter((home) => maySell(home, article))
  const isSold =
    pick(homes, article.index) === chain ||
    chance(seed, 14, chain.index, article.index) < chain.range
  return isSold && chance(seed, 15, chain.index, index, article.index) < chain.shelf
}

function maySell({ sections }: Chain, article: Article): boolean {
  return sections === undefined || sections.includes(article.section)
}

/** Over all days 1.5% of a store's goods appear and 1.5% disappear. */
function isListed(
  seed: number,
  { chain, index }: Store,
  article: Article,
  slot: number,
  days: number,
): boolean {
  const h = hash(seed, 16, chain.index, index, article.index)
  const turn = 2 * ((h >>> 10) % (days + 1))
  if (h % 1000 < 15) return slot >= turn
  if (h % 1000 < 30) return slot < turn
  return true
}

/** Goods run out at noon and are back a day and a half later. */
function ranOut(seed: number, { chain, index }: Store, article: Article, slot: number): boolean {
  for (let start = slot - RAN_OUT_SLOTS + 1; start <= slot; start++) {
    if (
      start % 2 === 1 &&
      chance(seed, 17, chain.index, index, article.index, start) < RAN_OUT_RATE
    )
      return true
  }
  return false
}
