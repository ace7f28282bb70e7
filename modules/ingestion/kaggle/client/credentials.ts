import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Env } from '../../../../src/env.ts'

/** Who we are to Kaggle. The secret is inside functions, which no log and no dump of an object shows. */
export type Credentials = {
  /** The settings or the file that they come from. */
  from: string
  /** The value of the `Authorization` header. */
  authorization(): string
  /** What a server says, without the secret, which it may repeat. */
  conceal(text: string): string
}

export type CredentialSettings = Pick<Env, 'kaggleApiToken' | 'kaggleUsername' | 'kaggleKey'>

type Warn = (message: string) => void

/**
 * The first credentials in Kaggle's own order: `KAGGLE_API_TOKEN` (a token, or the path of a file with one),
 * `~/.kaggle/access_token`, `KAGGLE_USERNAME` and `KAGGLE_KEY`, `~/.kaggle/kaggle.json`. Null without any: public
 * datasets can be had so. Warns of files that other users can read, and of half a pair.
 * @throws Error that names what cannot be used, and never what it holds
 */
export async function findCredentials(
  { kaggleApiToken, kaggleUsername, kaggleKey }: CredentialSettings,
  { warn, home = homedir() }: { warn: Warn; home?: string },
): Promise<Credentials | null> {
  if (kaggleApiToken !== '') return tokenOrPath(kaggleApiToken, home, warn)
  const inHome = (name: string) => ({
    path: join(home, '.kaggle', name),
    name: `~/.kaggle/${name}`,
  })
  const tokenFile = inHome('access_token')
  const token = await readSecret(tokenFile, warn)
  if (token !== null) return bearer(token, tokenFile.name)
  const pair = keyOf(kaggleUsername, kaggleKey, 'KAGGLE_USERNAME and KAGGLE_KEY')
  if (pair !== null) return pair
  if (kaggleUsername !== '') warn('KAGGLE_USERNAME is not used, for KAGGLE_KEY is not set')
  if (kaggleKey !== '') warn('KAGGLE_KEY is not used, for KAGGLE_USERNAME is not set')
  const keyFile = inHome('kaggle.json')
  const json = await readSecret(keyFile, warn)
  return json === null ? null : fromJson(json, keyFile.name)
}

async function tokenOrPath(value: string, home: string, warn: Warn): Promise<Credentials> {
  const file = {
    path: value.replace(/^~(?=\/)/, home),
    name: 'the file that KAGGLE_API_TOKEN names',
  }
  const token = await readSecret(file, warn)
  if (token !== null) return bearer(token, file.name)
  if (/^(~|\.\.?)?\//.test(value))
    throw unusable('KAGGLE_API_TOKEN', 'there is no file at the path that it holds')
  return bearer(value, 'KAGGLE_API_TOKEN')
}

/** Null when either is absent. A key that begins with `KGAT_` is a token, which needs no user name. */
function keyOf(username: string, key: string, from: string): Credentials | null {
  if (key.startsWith('KGAT_')) return bearer(key, from)
  if (username === '' || key === '') return null
  const basic = Buffer.from(`${username}:${key}`).toString('base64')
  return credentials(`Basic ${basic}`, { from, secrets: [basic, key] })
}

function fromJson(text: string, from: string): Credentials {
  const { username, key } = parsed(text)
  const found =
    typeof username === 'string' && typeof key === 'string' ? keyOf(username, key, from) : null
  if (found === null) throw unusable(from, 'it is not {"username": "…", "key": "…"}')
  return found
}

/** A parser's error would quote the file. */
function parsed(text: string): { username?: unknown; key?: unknown } {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

function bearer(text: string, from: string): Credentials {
  const token = text.trim()
  if (!/^[\x21-\x7e]+$/.test(token)) throw unusable(from, 'it is not a token')
  return credentials(`Bearer ${token}`, { from, secrets: [token] })
}

function credentials(
  header: string,
  { from, secrets }: { from: string; secrets: string[] },
): Credentials {
  return {
    from,
    authorization: () => header,
    conceal: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text),
  }
}

/** Null without such a file. Told by its name alone: what should be a path may be a token. */
async function readSecret(
  { path, name }: { path: string; name: string },
  warn: Warn,
): Promise<string | null> {
  try {
    const { mode } = await stat(path)
    const text = await readFile(path, 'utf8')
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      warn(`Other users of this machine may read ${name}: chmod 600 keeps it to its owner`)
    return text
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // a token may be too long for a path
    if (/^(ENOENT|ENOTDIR|ENAMETOOLONG)$/.test(code)) return null
    throw unusable(name, `it cannot be read (${code})`)
  }
}

function unusable(name: string, reason: string): Error {
  return new Error(`Cannot use ${name} to ask Kaggle: ${reason}`)
}
