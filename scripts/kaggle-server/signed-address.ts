import { createHmac, randomBytes } from 'node:crypto'

const SECONDS = 3600
const secret = randomBytes(16)

/** A path with a signature that is valid for an hour; each call gives a new one. */
export function sign(path: string): string {
  const expires = String(Math.floor(Date.now() / 1000) + SECONDS)
  const nonce = randomBytes(6).toString('hex')
  const query = new URLSearchParams({
    Expires: expires,
    Nonce: nonce,
    Signature: signature(path, expires, nonce),
  })
  return `${path}?${query}`
}

/** Whether an address has a valid signature that has not expired. */
export function isSigned({ pathname, searchParams }: URL): boolean {
  const [expires = '', nonce = '', given] = ['Expires', 'Nonce', 'Signature'].map(
    (name) => searchParams.get(name) ?? '',
  )
  return Number(expires) * 1000 > Date.now() && given === signature(pathname, expires, nonce)
}

function signature(path: string, expires: string, nonce: string): string {
  return createHmac('sha256', secret).update(`${path}\n${expires}\n${nonce}`).digest('hex')
}
