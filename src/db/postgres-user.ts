import { execFileSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const NAME = 'postgres'

/** The user of the embedded server: the current user (both undefined), or `postgres` for root. */
export interface Owner {
  uid?: number
  gid?: number
}

/**
 * Returns the user for the embedded server. As root it finds or creates one, because PostgreSQL
 * refuses to run as root.
 * @throws Error when the user cannot be created
 */
export function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  return findOwner() ?? makeOwner()
}

function findOwner(): Owner | undefined {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, NAME], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}

function makeOwner(): Owner {
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME],
      {
        stdio: 'pipe',
      },
    )
  } catch (cause) {
    // another process may have created it in the meantime
    const owner = findOwner()
    if (owner) return owner
    throw new Error(
      `Cannot make the user ${NAME}, which PostgreSQL needs as it refuses to run as root: run as another user, or set DATABASE_URL`,
      { cause },
    )
  }
  return serverOwner()
}

/**
 * Checks that the server's user may enter a folder and all its parents.
 * @throws Error that names the inaccessible folder and what to do
 */
export function assertReachable(folder: string, owner: Owner, remedy: string): void {
  if (owner.uid === undefined) return
  for (let path = realpathSync(folder); path !== dirname(path); path = dirname(path)) {
    const { mode, uid, gid } = statSync(path)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) {
      throw new Error(
        `Cannot run the embedded PostgreSQL in ${folder}: it refuses to run as root, and the user ${NAME} that it runs as instead may not enter ${path}. ` +
          `${remedy}, run as another user than root, or set DATABASE_URL to a server of your own`,
      )
    }
  }
}
