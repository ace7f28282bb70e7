import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** Outside the checkout, so that other checkouts and later runs share it. */
export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'super-zol/e2e')

/**
 * The folder `NAME-KEY` of the cache. If it is missing, `make` fills it, and folders of the same
 * name with other keys are removed. An interruption never leaves an incomplete folder.
 */
export async function cached(
  name: string,
  { key, make }: { key: string[]; make: (folder: string) => Promise<void> },
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16)
  const folder = join(CACHE, `${name}-${digest}`)
  if (existsSync(folder)) return folder
  const partial = join(CACHE, `${name}.partial-${process.pid}`)
  await mkdir(partial, { recursive: true })
  try {
    await make(partial)
    await rename(partial, folder)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  const older = (await readdir(CACHE)).filter((entry) => {
    return new RegExp(`^${name}-[0-9a-f]{16}$`).test(entry) && !folder.endsWith(entry)
  })
  for (const entry of older) await rm(join(CACHE, entry), { recursive: true, force: true })
  return folder
}
