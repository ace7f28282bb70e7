import type { Tx } from '../../../src/db/connect.ts'
import { soundsOf } from './similar.ts'

/** The minimum length of a word to correct. Shorter words are similar to too many others. */
export const MIN_WORD_LENGTH = 3

/** Stores the words of search documents, which are the candidates for spelling correction. */
export async function learnWords(tx: Tx, words: ReadonlySet<string>): Promise<void> {
  const rows = [...words]
    .filter((word) => word.length >= MIN_WORD_LENGTH && /^\p{L}/u.test(word))
    .map((word) => ({ word, sounds: soundsOf(word) }))
  await tx`insert into catalog.search_words (word, sounds)
    select word, sounds from jsonb_to_recordset(${tx.json(rows)}) as x (word text, sounds text)
    on conflict do nothing`
}
