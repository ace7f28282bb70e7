/** A settlement of the Central Bureau of Statistics: its code as stores' lists have it (`3000`), and its official name. */
export type Settlement = { code: string; name: string }

/** What chains and people write short, by its letters. */
const SHORT: Record<string, string> = { תא: 'תל אביב', ראשלצ: 'ראשון לציון', פת: 'פתח תקווה' }

/**
 * A city's name as it is compared: its letters and digits, with a word's double ו and י single, and without the article
 * of a later word. `קריית-אתא` is `קרית אתא`, `טירת הכרמל` is `טירת כרמל`, `ראשוןלציון` is `ראשון לציון`, `ת"א` is `תל אביב`.
 */
export function cityKey(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
  const key = plain
    .replace(/(?<=[\s-])ה(?=\p{L})/gu, '')
    .replace(/([וי])\1/g, '$1')
    .replace(/[^\p{L}\p{N}]+/gu, '')
  const whole = SHORT[key]
  return whole === undefined ? key : cityKey(whole)
}

/** A kind of settlement, which is told where two have one name: `כנרת (מושבה)`. */
const KIND = /\([^)]*\)/g

/**
 * Finds the settlement that a name means: by its official name, by that without its kind, or by one part of a name that
 * was joined (`מודיעין-מכבים-רעות`). A name that could mean several (`יקנעם` is a moshava and how `יקנעם עילית` begins)
 * means none.
 */
export function settlementFinder(
  settlements: readonly Settlement[],
): (name: string) => string | null {
  const byName = new Map(settlements.map(({ code, name }) => [cityKey(name), code]))
  const shorter = new Map<string, Set<string>>()
  const add = (name: string, code: string) => {
    const key = cityKey(name)
    shorter.set(key, (shorter.get(key) ?? new Set()).add(code))
  }
  for (const { code, name } of settlements) {
    const bare = name.replace(KIND, '').trim()
    for (const part of bare.split('-')) add(part, code)
    if (bare === name) continue
    for (const other of settlements) if (other.name.startsWith(`${bare} `)) add(bare, other.code)
  }
  return (name) => {
    const key = cityKey(name)
    const [code = null, ...others] = shorter.get(key) ?? []
    return byName.get(key) ?? (others.length === 0 ? code : null)
  }
}
