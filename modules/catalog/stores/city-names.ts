/**
 * A settlement: its Central Bureau of Statistics code as in store files (`3000`), and its official
 * name.
 */
export type Settlement = { code: string; name: string }

/** Names that chains and people use instead of official names, by key: short forms and quarters. */
const ALIASES: Record<string, string> = {
  ...{ תא: 'תל אביב', ראשלצ: 'ראשון לציון', ראשון: 'ראשון לציון', פת: 'פתח תקווה', בש: 'באר שבע' },
  ...{ כס: 'כפר סבא', כפס: 'כפר סבא', רג: 'רמת גן', ים: 'ירושלים', בב: 'בני ברק', קג: 'קרית גת' },
  ...{ נצרתעילית: 'נוף הגליל', קשמונה: 'קרית שמונה', קאתא: 'קרית אתא', קביאליק: 'קרית ביאליק' },
  ...{ קים: 'קרית ים', קמוצקין: 'קרית מוצקין', זכרון: 'זכרון יעקב' },
  ...{ מודיעין: 'מודיעין-מכבים-רעות', טבעון: 'קרית טבעון', סכנין: "סח'נין", נצרתעלית: 'נוף הגליל' },
  ...{ קריתספר: 'מודיעין עילית', מפרץחיפה: 'חיפה', רמתאביב: 'תל אביב' },
  ...{ קריתחים: 'חיפה', קריתאליעזר: 'חיפה', גבעתאולגה: 'חדרה', דליתאלכרמל: 'דאלית אל-כרמל' },
  ...{
    telaviv: 'תל אביב',
    jerusalem: 'ירושלים',
    haifa: 'חיפה',
    eilat: 'אילת',
    beersheva: 'באר שבע',
  },
}

/**
 * The key by which city names are compared: letters and digits, with double ו and י reduced to one,
 * and without the article of later words. `קריית-אתא` is `קרית אתא`, `טירת הכרמל` is `טירת כרמל`,
 * `ראשוןלציון` is `ראשון לציון`, `ת"א` is `תל אביב`.
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
  const whole = ALIASES[key]
  return whole === undefined ? key : cityKey(whole)
}

/** The kind of a settlement, in the names of settlements that share one: `כנרת (מושבה)`. */
const KIND = /\([^)]*\)/g

/**
 * Returns the code of the settlement that a name means; null if it means none, or could mean
 * several.
 */
export type FindSettlement = (name: string, options?: { exact?: boolean }) => string | null

/**
 * Creates a function that finds the settlement of a name. It matches the official name, the name
 * without its kind, one part of a joined name (`מודיעין-מכבים-רעות`), or the name without optional
 * vowels. `exact` matches official names only.
 *
 * An ambiguous name matches none: `יקנעם` is a moshava and the beginning of `יקנעם עילית`.
 */
export function settlementFinder(settlements: readonly Settlement[]): FindSettlement {
  const byName = new Map(settlements.map(({ code, name }) => [cityKey(name), code]))
  const shorter = new Map<string, Set<string>>()
  const add = (name: string, code: string) => {
    const key = cityKey(name)
    shorter.set(key, (shorter.get(key) ?? new Set()).add(code))
  }
  const withoutVowels = new Map<string, Set<string>>()
  const addVowelless = (name: string, code: string) => {
    const key = vowellessKey(cityKey(name))
    withoutVowels.set(key, (withoutVowels.get(key) ?? new Set()).add(code))
  }
  for (const { code, name } of settlements) {
    const bare = name.replace(KIND, '').trim()
    for (const part of bare.split('-')) {
      add(part, code)
      if (part.trim().length >= MIN_LENGTH_WITHOUT_VOWELS) addVowelless(part, code)
    }
    addVowelless(bare, code)
    if (bare === name) continue
    for (const other of settlements) {
      if (!other.name.startsWith(`${bare} `)) continue
      add(bare, other.code)
      addVowelless(bare, other.code)
    }
  }
  return (name, { exact: exactly = false } = {}) => {
    const key = cityKey(name)
    if (exactly) return byName.get(key) ?? null
    const [code = null, ...others] = shorter.get(key) ?? []
    const exact = byName.get(key) ?? (others.length === 0 ? code : null)
    if (exact !== null || shorter.has(key)) return exact
    const [vowelless = null, ...more] = withoutVowels.get(vowellessKey(key)) ?? []
    return more.length === 0 ? vowelless : null
  }
}

/** The minimum length of a part of a name that is matched without its vowels. */
const MIN_LENGTH_WITHOUT_VOWELS = 4

/**
 * A key without the vowel letters that are optional in writing: `שהם` and `שוהם`, `מודעין` and
 * `מודיעין`.
 */
function vowellessKey(key: string): string {
  return key.slice(0, 1) + key.slice(1).replace(/[וי]/g, '')
}
