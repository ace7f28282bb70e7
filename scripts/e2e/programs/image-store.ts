import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { run } from './run.ts'

/** Imports archives into a temporary containerd. Arguments: configuration, socket, archives. */
const IMPORT = `
containerd --config "$1" >"$1.log" 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true' EXIT
ctr=(ctr -a "$2" -n k8s.io)
for _ in $(seq 100); do "\${ctr[@]}" version >/dev/null 2>&1 && break; sleep 0.1; done
for archive in "\${@:3}"; do "\${ctr[@]}" images import "$archive"; done`

/**
 * A containerd folder with the unpacked images of the archives, which nodes start from. It is
 * cached for each set of archives, because unpacking takes half a minute.
 */
export function buildImageStore(archives: string[]): Promise<string> {
  return cached('image-store', {
    key: archives,
    make: async (folder) => {
      const state = await mkdtemp(join(tmpdir(), 'super-zol-containerd-'))
      const socket = join(state, 'socket')
      const configuration = join(state, 'containerd.toml')
      await writeFile(
        configuration,
        `version = 2
root = "${folder}"
state = "${join(state, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${socket}"
`,
      )
      try {
        // in a separate mount namespace, so that no mounts remain
        const shell = ['unshare', '--mount', 'bash', '-euc', IMPORT, 'import']
        await run([...shell, configuration, socket, ...archives])
      } finally {
        await rm(state, { recursive: true, force: true })
      }
    },
  })
}

/**
 * Copies an image store for a node. Unpacked files are only hard-linked, as nothing writes to them;
 * the databases are copied.
 */
export async function copyImageStore(store: string, target: string): Promise<void> {
  const linked = await run(['cp', '-al', store, target]).then(
    () => true,
    () => false,
  )
  // hard links to a cache on another disk are impossible
  if (!linked) {
    await rm(target, { recursive: true, force: true })
    await run(['cp', '-a', store, target])
    return
  }
  const databases = (await run(['find', store, '-name', '*.db'])).trim().split('\n')
  for (const database of databases) {
    const copy = join(target, database.slice(store.length))
    await rm(copy)
    await run(['cp', '-a', database, copy])
  }
}
