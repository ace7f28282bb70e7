const LONGEST_NAME = 255
const LONGEST_KEY = 800

/**
 * Makes sure that a key is a relative path of plain names, which means the same to every file
 * system and bucket. Names that begin with a dot are the storage's own at the top.
 */
export function assertKey(key: string): string {
  const problem = problemOf(key)
  if (problem !== null) throw new Error(`Cannot use the key ${JSON.stringify(key)}: ${problem}`)
  return key
}

/** Makes sure that a folder to list is '' or a key with a slash behind it. */
export function assertFolder(folder: string): string {
  if (folder === '') return folder
  if (!folder.endsWith('/'))
    throw new Error(`Cannot list ${JSON.stringify(folder)}: a folder ends with a slash`)
  return `${assertKey(folder.slice(0, -1))}/`
}

function problemOf(key: string): string | null {
  const names = key.split('/')
  if (Buffer.byteLength(key) > LONGEST_KEY) return `it is longer than ${LONGEST_KEY} bytes`
  if (names.some((name) => name === '')) return 'it has an empty name'
  if (names.some((name) => name === '.' || name === '..')) return 'it is not a plain path'
  if (key.startsWith('.')) return 'it begins with a dot'
  if (/[\p{Cc}\\]/u.test(key) || !key.isWellFormed())
    return 'it has a character that not every storage takes'
  if (names.some((name) => Buffer.byteLength(name) > LONGEST_NAME))
    return `a name is longer than ${LONGEST_NAME} bytes`
  return null
}
