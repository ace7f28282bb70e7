import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What a key is known by, and what proves that someone has it. */
export type ApiKey = { id: string; digest: Buffer }

/** `sz_` makes a leaked key recognizable, the id finds it in one look-up, and only the 256 random bits are a secret. */
const FORM = /^sz_([0-9a-f]{12})_([\w-]{43})$/

/** A new key: `text` is shown once, and kept nowhere. */
export function makeApiKey(): ApiKey & { text: string } {
  const id = randomBytes(6).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  return { id, digest: digestOf(secret), text: `sz_${id}_${secret}` }
}

/** Null for a text that no key can be. */
export function readApiKey(text: string): ApiKey | null {
  const [, id, secret] = FORM.exec(text) ?? []
  return id === undefined || secret === undefined ? null : { id, digest: digestOf(secret) }
}

/** In a time that does not tell how far they are alike. */
export function isSame(given: Buffer, known: Buffer): boolean {
  return given.length === known.length && timingSafeEqual(given, known)
}

/** A secret of 256 random bits cannot be guessed, so a slow hash would protect nothing (docs/adr/0033). */
function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
