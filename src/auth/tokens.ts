import { randomBytes } from 'node:crypto'
import { errors, jwtVerify, SignJWT } from 'jose'
import type { Sql } from '../db/connect.ts'
import { AppError } from '../http/contract/app-error.ts'

/** How long a token is valid, unless its key expires earlier. */
const LIFETIME_S = 900
const ALGORITHM = 'HS256'
const ISSUER = 'super-zol'
const AUDIENCE = 'super-zol/v1'

export type Tokens = {
  /** Issues a token for a key. `expiresAt` is in epoch seconds. */
  issue(
    keyId: string,
    keyExpiresAt: Date | null,
  ): Promise<{ token: string; expiresAt: number; lifetime: number }>
  /**
   * Returns the id of the key that a token was issued for. The key may have expired since.
   * @throws AppError TOKEN_EXPIRED, TOKEN_INVALID
   */
  read(token: string): Promise<string>
}

/**
 * Signs and checks tokens with `secret`. When that is empty, all replicas share a secret from the
 * database.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createTokens(
  sql: Sql,
  { secret, now }: { secret: string; now: () => number },
): Tokens {
  let kept: Promise<Uint8Array> | undefined
  const signingKey = () => {
    kept ??= (
      secret === '' ? sharedSecret(sql) : Promise.resolve(new TextEncoder().encode(secret))
    ).catch((error) => {
      kept = undefined
      throw error
    })
    return kept
  }
  return {
    issue: async (keyId, keyExpiresAt) => {
      const issuedAt = Math.floor(now() / 1000)
      const expiresAt = Math.min(
        issuedAt + LIFETIME_S,
        Math.floor((keyExpiresAt?.getTime() ?? Infinity) / 1000),
      )
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(keyId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(await signingKey())
      return { token, expiresAt, lifetime: expiresAt - issuedAt }
    },
    read: async (token) => {
      const key = await signingKey()
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now()),
      }).catch((error: unknown) => {
        throw refusalOf(error)
      })
      return payload.sub ?? ''
    },
  }
}

async function sharedSecret(sql: Sql): Promise<Uint8Array> {
  await sql`insert into auth.token_secret (secret) values (${randomBytes(32)}) on conflict do nothing`
  const [row] = await sql<{ secret: Buffer }[]>`select secret from auth.token_secret`
  if (row === undefined) throw new Error('Cannot sign tokens: auth.token_secret has no row')
  return new Uint8Array(row.secret)
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return new AppError(
      'TOKEN_EXPIRED',
      'The token has expired: get another one from POST /v1/auth/token',
    )
  }
  if (!(error instanceof errors.JOSEError)) return error
  return new AppError('TOKEN_INVALID', `The token cannot be used: ${reasonOf(error)}`, {
    cause: error,
  })
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JOSEAlgNotAllowed) return `it must be signed with ${ALGORITHM}`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is not ours'
  if (error instanceof errors.JWTClaimValidationFailed)
    return `its ${error.claim} is not what we put there`
  return 'it is no JWT'
}
