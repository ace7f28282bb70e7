import rows from './settlements.json' with { type: 'json' }

/**
 * A settlement by its Central Bureau of Statistics code, with the WGS84 coordinates of its centre.
 */
export type SettlementReference = {
  code: string
  name: string
  latitude: number | null
  longitude: number | null
}

export const SETTLEMENTS: ReadonlyMap<string, SettlementReference> = new Map(
  (rows as [number, string, number | null, number | null][]).map(
    ([number, name, latitude, longitude]) => {
      const code = String(number)
      return [code, { code, name, latitude, longitude }]
    },
  ),
)

/** The settlement without value-added tax (Eilat Free Trade Zone Law, 1985). */
export const VAT_FREE_CODE = '2600'
