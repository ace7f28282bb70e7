import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Env } from '../../../../src/env.ts'

/** Credentials for Kaggle. The secret is inside functions, so that no log or dump shows it. */
export type Credentials = {
  /** Name of the settings or the file. */
  from: string
  /** The value of the `Authorization` header. */
  authorization(): string
  /** A server's message without the secret, which it may repeat. */
  conceal(text: string): string
}

export type CredentialSettings = Pick<Env, 'kaggleApiToken' | 'kaggleUsername' | 'kaggleKey'>

type Warn = (message: string) => void

/**
 * The first credentials in Kaggle's own order: `KAGGLE_API_TOKEN` (a token, or the path of a file
 * with one), a file `access_token`, `KAGGLE_USERNAME` and `KAGGLE_KEY`, a file `kaggle.json`. The
 * files stand in `KAGGLE_CONFIG_DIR`, or else in `~/.kaggle` or `~/.config/kaggle`
 * (`XDG_CONFIG_HOME`). Null without any: public datasets need none. Warns of files that other users
 * can read, and of an incomplete pair.
 * @throws Error that names unusable credentials without their content
 */
export async function findCredentials(
  { kaggleApiToken, kaggleUsername, kaggleKey }: CredentialSettings,
  { warn, home = homedir(), environment = process.env }: Places,
): Promise<Credentials | null> {
  if (kaggleApiToken !== '') return tokenOrPath(kaggleApiToken, home, warn)
  const folders = configFolders(home, environment)
  const token = await readFirst(folders, 'access_token', warn)
  if (token !== null) return bearer(token.text, token.name)
  const pair = keyOf(kaggleUsername, kaggleKey, 'KAGGLE_USERNAME and KAGGLE_KEY')
  if (pair !== null) return pair
  if (kaggleUsername !== '') warn('KAGGLE_USERNAME is not used, for KAGGLE_KEY is not set')
  if (kaggleKey !== '') warn('KAGGLE_KEY is not used, for KAGGLE_USERNAME is not set')
  const json = await readFirst(folders, 'kaggle.json', warn)
  return json === null ? null : fromJson(json.text, json.name)
}

type Places = {
  warn: Warn
  home?: string
  /** The variables that name Kaggle's folder of settings. */
  environment?: Readonly<Record<string, string | undefined>>
}

type Folder = { path: string; name: string }

/**
 * Where Kaggle's own client looks: the folder that is named, or else the one in the home folder,
 * old place first.
 */
function configFolders(
  home: string,
  {
    KAGGLE_CONFIG_DIR: named = '',
    XDG_CONFIG_HOME: config = '',
  }: NonNullable<Places['environment']>,
): Folder[] {
  if (named !== '') return [{ path: named, name: 'KAGGLE_CONFIG_DIR' }]
  const inConfig =
    config === ''
      ? { path: join(home, '.config', 'kaggle'), name: '~/.config/kaggle' }
      : { path: join(config, 'kaggle'), name: 'XDG_CONFIG_HOME/kaggle' }
  return [{ path: join(home, '.kaggle'), name: '~/.kaggle' }, inConfig]
}

/** A file of the first folder that has it; null where none does. */
async function readFirst(
  folders: readonly Folder[],
  file: string,
  warn: Warn,
): Promise<{ text: string; name: string } | null> {
  for (const folder of folders) {
    const name = `${folder.name}/${file}`
    const text = await readSecret({ path: join(folder.path, file), name }, warn)
    if (text !== null) return { text, name }
  }
  return null
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

/**
 * Null when either is missing. A key that begins with `KGAT_` is a token and needs no user name.
 */
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

/** Null without such a file. Errors name the setting only: the path may be a token. */
async function readSecret(
  { path, name }: { path: string; name: string },
  warn: Warn,
): Promise<string | null> {
  try {
    const { mode } = await stat(path)
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '')
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
