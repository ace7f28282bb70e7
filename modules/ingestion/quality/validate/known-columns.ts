import { readColumns } from '../../files/file-columns.ts'
import { KEY_COLUMNS } from '../../files/masking.ts'
import type { Family } from '../../files/source-file.ts'
import { priceColumns } from '../../lists/price-columns.ts'
import { promoColumns } from '../../promotions/promo-columns.ts'

/** The columns of a store file other than the key columns (dataset.md, "Columns"). */
const STORE_COLUMNS =
  'chainname subchainname storetype storename address city zipcode lastupdatedate lastupdatetime latitude longitude'

/**
 * The columns of a header that are unknown in files of the family. Throws for a header without a
 * required column.
 */
export function unknownColumns(family: Family, header: readonly string[]): string[] {
  if (family === 'store') {
    const knownColumns = new Set([...KEY_COLUMNS, ...STORE_COLUMNS.split(' ')])
    return header.filter((name) => name !== '' && !knownColumns.has(name))
  }
  const rules = family === 'price' || family === 'price_full' ? priceColumns : promoColumns
  return readColumns<string>(header, 'all', rules).unknown.map(({ name }) => name)
}
