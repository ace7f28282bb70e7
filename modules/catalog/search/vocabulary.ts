import type { Tx } from '../../../src/db/connect.ts'
import { soundsOf } from './similar.ts'

/** Shorter words are like too many others to be looked for when they are misspelt. */
export const SHORTEST = 3

/** Keeps the words of what products are searched by, for what is typed and misspelt. */
export async function learnWords(tx: Tx, words: ReadonlySet<string>): Promise<void> {
  const rows = [...words]
    .filter((word) => word.length >= SHORTEST && /^\p{L}/u.test(word))
    .map((word) => ({ word, sounds: soundsOf(word) }))
  await tx`insert into catalog.search_words (word, sounds)
    select word, sounds from jsonb_to_recordset(${tx.json(rows)}) as x (word text, sounds text)
    on conflict do nothing`
}
