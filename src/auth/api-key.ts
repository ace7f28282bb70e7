import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The public id of a key, and the digest of its secret. */
export type ApiKey = { id: string; digest: Buffer }

/**
 * The prefix `sz_` makes leaked keys recognizable. The id finds the key in one query. Only the 256
 * random bits are secret.
 */
const FORM = /^sz_([0-9a-f]{12})_([\w-]{43})$/

/** Creates a key. `text` is shown once and never stored. */
export function makeApiKey(): ApiKey & { text: string } {
  const id = randomBytes(6).toString('hex')
  const secret = randomBytes(32).toString('base64url')
  return { id, digest: digestOf(secret), text: `sz_${id}_${secret}` }
}

/** Parses a key. Returns null when the text does not have the form of a key. */
export function readApiKey(text: string): ApiKey | null {
  const [, id, secret] = FORM.exec(text) ?? []
  return id === undefined || secret === undefined ? null : { id, digest: digestOf(secret) }
}

/** Compares two digests in constant time. */
export function isSame(given: Buffer, known: Buffer): boolean {
  return given.length === known.length && timingSafeEqual(given, known)
}

/**
 * A secret of 256 random bits cannot be guessed, so a slow hash would protect nothing
 * (docs/adr/0033).
 */
function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
