import type { Env } from '../env.ts'
import { AppError } from '../http/contract/app-error.ts'
import { anonymous, type Caller, noteCaller } from '../http/contract/caller.ts'
import { addressOf } from '../http/peer.ts'
import type { Who } from './admission.ts'
import { isSame, readApiKey } from './api-key.ts'
import type { Keyring, KnownKey } from './keyring.ts'
import type { Tokens } from './tokens.ts'

const BEARER = /^Bearer +([\w.~+/-]+=*)$/i

/**
 * Identifies the caller by an API key or a token, or as anonymous without either. An invalid key or
 * token is refused; it never counts as anonymous.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createIdentification({
  keyring,
  tokens,
  env,
  now,
}: {
  keyring: Keyring
  tokens: Tokens
  env: Pick<Env, 'authMode' | 'trustProxy'>
  now: () => number
}): Who {
  const stranger = (request: Request) => anonymous(addressOf(request, env.trustProxy))

  const identify = async (request: Request): Promise<Caller> => {
    const shown = credentialOf(request.headers)
    if (shown === null) return stranger(request)
    const key =
      shown.by === 'key'
        ? await provenKey(keyring, shown.text)
        : await keyOfToken(keyring, tokens, shown.text)
    const caller: Caller = { ...stranger(request), keyId: key.id, by: shown.by, role: key.role }
    // also for an expired or revoked key: the audit shows which key it was
    noteCaller(request, caller)
    assertHolds(key, now())
    keyring.use(key)
    return caller
  }

  return { identify, stranger, needsKey: env.authMode === 'required' }
}

type Credential = { by: 'key' | 'token'; text: string }

/** @throws AppError UNAUTHORIZED when the request carries more than one credential */
function credentialOf(headers: Headers): Credential | null {
  const shown = ['x-api-key', 'api-key', 'authorization'].flatMap((name): Credential[] => {
    const text = headers.get(name)
    return text === null ? [] : [{ by: name === 'authorization' ? 'token' : 'key', text }]
  })
  if (shown.length > 1)
    throw new AppError('UNAUTHORIZED', 'Send one of X-API-Key and Authorization, not several')
  return shown[0] ?? null
}

/** @throws AppError API_KEY_INVALID, the same for an unknown key and for a wrong secret */
async function provenKey(keyring: Keyring, text: string): Promise<KnownKey> {
  const given = readApiKey(text)
  const key = given === null ? null : await keyring.find(given.id)
  if (given === null || key === null || !isSame(given.digest, key.digest)) {
    throw new AppError('API_KEY_INVALID', 'There is no such API key')
  }
  return key
}

/** @throws AppError TOKEN_INVALID, TOKEN_EXPIRED */
async function keyOfToken(
  keyring: Keyring,
  tokens: Tokens,
  authorization: string,
): Promise<KnownKey> {
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined)
    throw new AppError('TOKEN_INVALID', 'Authorization must be: Bearer, a space, and a token')
  const key = await keyring.find(await tokens.read(token))
  if (key === null)
    throw new AppError('TOKEN_INVALID', 'The token cannot be used: its key is not there any more')
  return key
}

/** @throws AppError API_KEY_REVOKED, API_KEY_EXPIRED */
function assertHolds({ revoked_at, expires_at }: KnownKey, now: number): void {
  if (revoked_at !== null) throw new AppError('API_KEY_REVOKED', 'The API key has been revoked')
  if (expires_at !== null && expires_at.getTime() <= now) {
    throw new AppError('API_KEY_EXPIRED', 'The API key has expired')
  }
}
