import { copyOut } from '../../../src/db/binary-copy.ts'
import type { Db, Tx } from '../../../src/db/connect.ts'

/**
 * Keeps `pricing.product_spans` equal to `pricing.prices`, for the products in `changed_products`
 * (docs/adr/0028-packed-spans.md). Runs in the publishing transaction.
 */
export async function packSpans(tx: Tx): Promise<void> {
  await tx`delete from pricing.product_spans p using changed_products c where p.product_id = c.product_id`
  await tx`insert into pricing.product_spans (product_id, spans)
    select product_id, string_agg(int4send(store_id)
      || int4send((extract(epoch from valid_from)::bigint - 2147483648)::integer)
      || int4send((coalesce(extract(epoch from valid_to)::bigint, 4294967295) - 2147483648)::integer)
      || int4send(agorot), '' order by store_id, valid_from)
    from pricing.prices join changed_products using (product_id) group by product_id`
}

/**
 * All spans of a product in the order of store and time: the price in `store[i]` was `agorot[i]` in
 * `[from[i], to[i])`, in seconds of the epoch. A current span ends with infinity.
 */
export type ProductSpans = {
  productId: number
  size: number
  store: Int32Array
  from: Float64Array
  to: Float64Array
  agorot: Int32Array
}

/** Reads the spans of some products, or of all. */
export async function readProductSpans(
  db: Db,
  ids: readonly number[] | undefined,
): Promise<ProductSpans[]> {
  const products: ProductSpans[] = []
  await eachProductSpans(db, ids, (spans) => products.push(spans))
  return products
}

/** Yields the spans of some products, or of all, one product at a time. */
export async function eachProductSpans(
  db: Db,
  ids: readonly number[] | undefined,
  onProduct: (spans: ProductSpans) => void,
): Promise<void> {
  if (ids?.length === 0) return
  const among =
    ids === undefined ? 'true' : `product_id = any('{${ids.map(Number).join()}}'::integer[])`
  await copyOut(db, `select product_id, spans from pricing.product_spans where ${among}`, (row) => {
    onProduct(unpack(row.int4(), row.bytes()))
  })
}

const TWO_31 = 2_147_483_648
const NEVER = 2_147_483_647

function unpack(productId: number, bytes: DataView): ProductSpans {
  const size = bytes.byteLength / 16
  const [store, agorot] = [new Int32Array(size), new Int32Array(size)]
  const [from, to] = [new Float64Array(size), new Float64Array(size)]
  for (let i = 0, at = 0; i < size; i++, at += 16) {
    store[i] = bytes.getInt32(at)
    from[i] = bytes.getInt32(at + 4) + TWO_31
    const end = bytes.getInt32(at + 8)
    to[i] = end === NEVER ? Number.POSITIVE_INFINITY : end + TWO_31
    agorot[i] = bytes.getInt32(at + 12)
  }
  return { productId, size, store, from, to, agorot }
}
