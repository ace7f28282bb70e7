/**
 * The endings of Hebrew word forms: singular, plural, and the form before another noun (`חיתולים`,
 * `חיתולי האגיס`).
 */
const ENDINGS: readonly (readonly [ending: RegExp, others: readonly string[]])[] = [
  [/(?<=..)יות$/, ['יה', 'ית', 'יית']],
  [/(?<=..)ות$/, ['ה', 'ת', '', 'ית']],
  [/(?<=..)ים$/, ['', 'י', 'ה', 'יה']],
  [/(?<=..)יה$/, ['יות', 'יית', 'ית']],
  [/(?<=..)ה$/, ['ת', 'ות', 'ים']],
  [/(?<=..)ית$/, ['יות', 'יה']],
  [/(?<=..)ת$/, ['ה', 'ות']],
  [/(?<=...)י$/, ['', 'ים', 'ה']],
]
const FINAL: Record<string, string> = { ם: 'מ', ן: 'נ', ץ: 'צ', ף: 'פ', ך: 'כ' }
const OPEN = Object.fromEntries(Object.entries(FINAL).map(([final, open]) => [open, final]))

/**
 * The forms of a Hebrew word that name the same product, the word itself first. Some are not real
 * words and match nothing.
 */
export function wordForms(word: string): string[] {
  if (!/^[א-ת]{3,}$/.test(word)) return [word]
  const [ending, others = []] = ENDINGS.find(([pattern]) => pattern.test(word)) ?? []
  if (ending === undefined) return [word, `${inner(word)}ים`, `${inner(word)}ות`]
  const stem = word.replace(ending, '')
  return [word, ...others.map((other) => (other === '' ? outer(stem) : stem + other))]
}

/** The possible singulars of a Hebrew plural; empty for other words. */
export function singularsOf(word: string): string[] {
  return /^[א-ת]{2,}(ים|ות)$/.test(word) ? wordForms(word).slice(1) : []
}

function inner(word: string): string {
  const last = word.at(-1) ?? ''
  return word.slice(0, -1) + (FINAL[last] ?? last)
}

function outer(stem: string): string {
  const last = stem.at(-1) ?? ''
  return stem.slice(0, -1) + (OPEN[last] ?? last)
}
