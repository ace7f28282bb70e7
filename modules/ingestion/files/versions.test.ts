import { afterAll, expect, test } from 'bun:test'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVersion } from './versions.ts'

const folder = await mkdtemp(join(tmpdir(), 'super-zol-versions-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const CSV = 'price_full_file_x.csv'

async function read(path: string): Promise<Record<string, string>> {
  const { files, close } = await openVersion(path)
  const texts: Record<string, string> = {}
  for (const { name, open } of files) {
    const pieces = Array.fromAsync(open())
    texts[name] = await pieces.then(
      (chunks) => Buffer.concat(chunks).toString(),
      (error) => String(error.message),
    )
  }
  close()
  return texts
}

async function folderOf(name: string): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  await writeFile(join(path, CSV), 'rows')
  return path
}

test.skipIf(process.platform === 'win32')(
  'links to files are followed, and directory entries that are not files are skipped',
  async () => {
    const path = await folderOf('links')
    await writeFile(join(folder, 'elsewhere.csv'), 'linked')
    await symlink(join(folder, 'elsewhere.csv'), join(path, 'price_file_x.csv'))
    await symlink(join(folder, 'nowhere'), join(path, 'notes.txt'))
    await symlink(folder, join(path, 'loop'))
    const server = createServer().listen(join(path, 'socket'))
    await new Promise((done) => server.once('listening', done))
    expect(await read(path)).toEqual({ [CSV]: 'rows', 'price_file_x.csv': 'linked' })
    server.close()
  },
)

test.skipIf(process.platform === 'win32')(
  'an unavailable dataset file is listed and fails when it is read',
  async () => {
    const path = await folderOf('broken')
    await symlink(join(folder, 'nowhere'), join(path, 'price_file_x.csv'))
    const server = createServer().listen(join(path, 'promo_file_x.csv'))
    await new Promise((done) => server.once('listening', done))
    expect(await read(path)).toEqual({
      [CSV]: 'rows',
      'price_file_x.csv': expect.stringMatching(/^Cannot read price_file_x.csv: ENOENT/),
      'promo_file_x.csv': 'Cannot read promo_file_x.csv: it is not a file',
    })
    server.close()
  },
)

test.skipIf(process.getuid?.() === 0)(
  'a file without read permission fails when it is read',
  async () => {
    const path = await folderOf('forbidden')
    await writeFile(join(path, 'secret.txt'), 'x')
    await chmod(join(path, 'secret.txt'), 0)
    const { files } = await openVersion(path)
    expect(files.map(({ name }) => name)).toEqual([CSV, 'secret.txt'])
  },
)

test('an index.json with a byte order mark is read', async () => {
  const path = await folderOf('marked')
  await writeFile(join(path, 'index.json'), '\uFEFF{"0":"2026-05-01 10:00:00"}')
  expect((await openVersion(path)).date).toBe('2026-05-01')
})
