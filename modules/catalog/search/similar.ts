/**
 * Maps letters that sound alike to one Latin letter; final letters are mapped like their regular
 * forms.
 */
const SOUNDS: Record<string, string> = Object.fromEntries(
  'א:a ע:a ב:b ג:g ד:d ה:h ו:v ז:z ח:x ט:t ת:t י:y כ:k ך:k ק:k ל:l מ:m ם:m נ:n ן:n ס:s ש:w פ:p ף:p צ:c ץ:c ר:r c:k q:k o:v u:v w:v e: i:y'
    .split(' ')
    .map((pair) => pair.split(':')),
)

/**
 * The sounds of a word in Latin letters, because trigrams ignore other letters in the C locale.
 * Double letters become one.
 */
export function soundsOf(word: string): string {
  return [...word]
    .map((letter) => SOUNDS[letter] ?? letter)
    .join('')
    .replace(/(.)\1+/g, '$1')
}

/**
 * The candidates with the fewest different letters: at most one in a short word, two from 6 letters
 * on.
 */
export function nearest(typed: string, candidates: readonly string[]): string[] {
  const sounds = soundsOf(typed)
  const most = sounds.length < 6 ? 1 : 2
  const distances = candidates.map((word) => ({ word, wrong: distance(sounds, soundsOf(word)) }))
  const least = Math.min(most, ...distances.map(({ wrong }) => wrong))
  return distances.filter(({ wrong }) => wrong === least).map(({ word }) => word)
}

/** The edit distance: letters omitted, added, replaced, or swapped with their neighbour. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const [left = 0, up = 0, across = 0] = [row[j - 1], last[j], last[j - 1]]
      let least = Math.min(left + 1, up + 1, across + (a[i - 1] === b[j - 1] ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
