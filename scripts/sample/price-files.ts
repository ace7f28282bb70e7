import type { Article } from './articles.ts'
import type { Chain } from './chain.ts'
import { csvFile } from './masking.ts'
import type { PriceList, PriceRow } from './price-list.ts'
import { hash } from './random.ts'
import { measurePrice, measureWord, nameOf, unitWord } from './wording.ts'
import type { World } from './world.ts'

const COLUMNS = [
  ...[
    'found_folder',
    'file_name',
    'chainid',
    'subchainid',
    'storeid',
    'bikoretno',
    'priceupdatedate',
    'itemcode',
    'itemtype',
  ],
  ...[
    'itemname',
    'manufacturername',
    'manufacturecountry',
    'manufactureritemdescription',
    'unitqty',
    'quantity',
    'unitofmeasure',
  ],
  ...[
    'bisweighted',
    'qtyinpackage',
    'itemprice',
    'unitofmeasureprice',
    'allowdiscount',
    'itemstatus',
  ],
] as const
type Column = (typeof COLUMNS)[number] | 'extra'

/**
 * One CSV of a version: all price lists of one chain's slug and family, in the order in which they
 * were scraped.
 */
export function priceFile(world: World, lists: readonly PriceList[], day: number): string {
  const chain = lists[0]?.store.chain
  if (chain === undefined) throw new Error('Cannot write a price file: it has no lists')
  const columns = columnsOf(chain, day, world.dates.length)
  const header = columns.map((column) =>
    column === 'extra' ? (chain.extraColumn ?? '') : (chain.aliases[column] ?? column),
  )
  const blocks = lists.map((list) =>
    list.rows.map((row) => columns.map((column) => cell(world, list, row, column))),
  )
  return csvFile(header, blocks, {
    form: isOldForm(chain, day, world.dates.length) ? 'old' : 'new',
    mixedLineEnds: chain.mixedLineEnds,
  })
}

/** The first quarter of the days, for the chain with the old form. */
export function isOldForm(chain: Chain, day: number, days: number): boolean {
  return chain.oldFormFirst && day < days / 4
}

function columnsOf(chain: Chain, day: number, days: number): Column[] {
  const columns: Column[] = COLUMNS.filter((column) => !chain.dropped.includes(column))
  if (chain.extraColumn !== undefined && day >= days / 2)
    columns.splice(columns.indexOf('unitqty'), 0, 'extra')
  return columns
}

function cell(world: World, list: PriceList, row: PriceRow, column: Column): string {
  const { chain, number } = list.store
  const { article, agorot, fault } = row
  switch (column) {
    case 'found_folder':
      return `dumps/${folderOf(list.slug)}`
    case 'file_name':
      return list.fileName
    case 'chainid':
      return chain.id
    case 'subchainid':
      return chain.subChain
    case 'storeid':
      return fault === 'store' ? 'ABC' : String(number).padStart(chain.storePadding.price, '0')
    case 'bikoretno':
      return String(number % 10)
    case 'priceupdatedate':
      return dateText(chain, world, row.pricedAt)
    case 'itemcode':
      return fault === 'no code' ? '' : article.code.padStart(chain.codePadding, '0')
    case 'itemtype':
      return article.chain === undefined ? '1' : '0'
    case 'itemname':
      return isNameless(chain, article) ? '' : nameOf(article, chain.style)
    case 'manufacturername':
      return article.brand || chain.nothing
    case 'manufacturecountry':
      return chain.oldFormFirst ? '' : article.country
    case 'manufactureritemdescription':
      return describe(chain, article)
    case 'unitqty':
      return unitWord(article.size, chain.style)
    case 'quantity':
      return chain.decimals === 'short'
        ? String(article.size.amount)
        : article.size.amount.toFixed(2)
    case 'unitofmeasure':
      return measureWord(article.size)
    case 'bisweighted':
      return article.weighted ? '1' : '0'
    case 'qtyinpackage':
      return chain.nothing
    case 'itemprice':
      return fault === 'price' ? 'abc' : fault === 'no price' ? '' : priceText(chain, agorot)
    case 'unitofmeasureprice':
      return priceText(chain, measurePrice(article.size, agorot))
    case 'allowdiscount':
    case 'itemstatus':
      return '1'
    case 'extra':
      return ['חלבי', 'פרווה', ''][article.index % 3] ?? ''
  }
}

/** `sal_hatzvi` → `SalHatzvi`: the folder that the scraper keeps a chain's files in. */
export function folderOf(slug: string): string {
  return slug.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** A price in shekels as the chain writes it. */
export function priceText({ decimals }: Chain, agorot: number): string {
  return decimals === 'short' ? String(Math.round(agorot) / 100) : (agorot / 100).toFixed(decimals)
}

/** Some names are missing; the description stands in for them. */
function isNameless(chain: Chain, article: Article): boolean {
  return chain.index === 0 && hash(article.index) % 100 === 0
}

/** The name again, or with a line break inside, or nothing, as some chains do. */
function describe(chain: Chain, article: Article): string {
  if (isNameless(chain, article)) return nameOf(article, chain.style)
  if (chain.nothing !== '') return chain.nothing
  return hash(article.index) % 200 === 1
    ? `${nameOf(article, 'plain')}\n"מהדורה מיוחדת", מוגבל`
    : ''
}

function dateText(chain: Chain, world: World, slot: number): string {
  const day = slot < 0 ? '2026-03-01' : (world.dates[Math.floor(slot / 2)] ?? '')
  const time = slot < 0 || slot % 2 === 0 ? '02:30' : '11:30'
  switch (chain.dates) {
    case 'seconds':
      return `${day} ${time}:00`
    case 'minutes':
      return `${day} ${time}`
    case 'milliseconds':
      return `${day}T${time}:00.000`
    case 'slashes':
      return slot < 0 ? '01/01/0001 00:00:00' : day.split('-').reverse().join('/')
  }
}
