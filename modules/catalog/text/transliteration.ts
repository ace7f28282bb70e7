/**
 * Latin letters with the Hebrew letters that chains write for them, longer ones first. Vowels are
 * optional in Hebrew: they match any of the letters that stand for vowels, or none.
 */
const LETTERS: readonly (readonly [latin: string, hebrew: string])[] = [
  ['tsch', 'צ'],
  ['tch', 'צ'],
  ['sch', 'ש'],
  ['ch', '[צחכקש]'],
  ['sh', 'ש'],
  ['th', '[תט]'],
  ['ph', 'פ'],
  ['gh', 'ג'],
  ['ck', 'ק'],
  ['tz', '(צ|טס)'],
  ['ts', '(צ|טס)'],
  ['qu', 'קו?ו?'],
  ['b', '[בו]'],
  ['c', '[קסצ]'],
  ['d', 'ד'],
  ['f', 'פ'],
  ['g', 'ג'],
  ['j', '[גי]'],
  ['k', '[קכ]'],
  ['l', 'ל'],
  ['m', 'מ'],
  ['n', 'נ'],
  ['p', 'פ'],
  ['q', 'ק'],
  ['r', 'ר'],
  ['s', '[סזש]'],
  ['t', '[טת]'],
  ['v', '(ב|וו?)'],
  ['w', '(ו{1,2})'],
  ['x', '(קס|קז|ז)'],
  ['z', '[זצ]'],
]
const FINALS: Record<string, string> = { כ: 'ך', מ: 'ם', נ: 'ן', פ: 'ף', צ: 'ץ' }
const VOWELS = '[אהויע]{0,2}'

const CYRILLIC: Record<string, string> = Object.fromEntries(
  'а:a б:b в:v г:g д:d е:e ж:zh з:z и:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h ц:ts ч:ch ш:sh щ:sh ъ: ы:i ь: э:e ю:yu я:ya'
    .split(' ')
    .map((pair) => pair.split(':')),
)

/**
 * A regular expression for the Hebrew spellings of a word in Latin or Cyrillic letters (`spaghetti`
 * → `ספגטי`); null for a word in other letters, or with too few consonants.
 */
export function hebrewSpellings(word: string): string | null {
  const latin = [...word].map((letter) => CYRILLIC[letter] ?? letter).join('')
  if (!/^[a-z]{3,20}$/.test(latin) || (latin.match(/[^aeiouy]/g)?.length ?? 0) < 2) return null
  const pieces: string[] = []
  for (let at = 0; at < latin.length; ) {
    const vowels = /^[aeiouy]+/.exec(latin.slice(at))?.[0] ?? ''
    if (vowels !== '') {
      pieces.push(VOWELS)
      at += vowels.length
      continue
    }
    const letter = latin.startsWith('h', at)
      ? (['h', /[aeiouy]/.test(latin[at + 1] ?? '') ? '[הח]' : '[הח]?'] as const)
      : LETTERS.find(([text]) => latin.startsWith(text, at))
    if (letter === undefined) return null
    const [text, hebrew] = letter
    at += text.length
    // a double letter is written once in Hebrew
    while (text.length === 1 && latin[at] === text) at++
    pieces.push(at < latin.length ? hebrew : withFinals(hebrew), VOWELS.replace('2', '1'))
  }
  return `^${pieces.join('')}$`
}

function withFinals(hebrew: string): string {
  const open = hebrew.replace(/[[\]]/g, '')
  const finals = [...open].flatMap((letter) => FINALS[letter] ?? [])
  return finals.length === 0 ? hebrew : `[${open}${finals.join('')}]`
}
