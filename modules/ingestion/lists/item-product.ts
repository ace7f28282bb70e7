import { codeFault, readCode } from '../files/cell-code.ts'
import { type CellState, readDigits, stateText } from '../files/cell-state.ts'
import { productByDigits, productByText, type Registry } from '../staging/registry.ts'

const LONGEST_CODE = 100

/** The id of the product with an item code, created for a new product; or why there is none. */
export function findItemProduct(
  registry: Registry,
  code: CellState,
  chainId: string,
): number | string {
  if (code.length > LONGEST_CODE) return `an item code of ${code.length} bytes`
  const digits = readDigits(code)
  if (digits >= 0) return productByDigits(registry, digits, chainId)
  const text = stateText(code) ?? ''
  const read = readCode(text)
  if ('fault' in read) return codeFault(read.fault, 'item code', text)
  return productByText(registry, read.code, chainId)
}
