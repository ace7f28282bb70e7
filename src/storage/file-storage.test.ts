import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnv } from '../env.ts'
import { NO_SERVER, openS3Server } from '../testing/s3-server.ts'
import { bytesOf, collect, digestOf, noise, textOf } from '../testing/streams.ts'
import { openDirectoryStorage } from './directory-storage.ts'
import { NotStoredError } from './failure.ts'
import type { FileStorage } from './file-storage.ts'
import { openFileStorage } from './open-storage.ts'
import { openS3Storage } from './s3-storage.ts'

/** `folder` holds the stored files. */
type Opened = { storage: FileStorage; folder: string; close: () => Promise<void> }

async function openDirectory(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-files-'))
  return {
    storage: openDirectoryStorage(folder),
    folder,
    close: () => rm(folder, { recursive: true }),
  }
}

async function openBucket(prefix: string): Promise<Opened> {
  const server = await openS3Server()
  const folder = join(server.folder, server.settings.bucket, prefix)
  return { storage: openS3Storage({ ...server.settings, prefix }), folder, close: server.close }
}

const MIB = 1 << 20
const PLACES: [string, () => Promise<Opened>, string | null][] = [
  ['a directory', openDirectory, null],
  ['a bucket', () => openBucket(''), NO_SERVER],
  ['a folder of a bucket', () => openBucket('super-zol/kept here/'), NO_SERVER],
]

for (const [name, openPlace, absent] of PLACES) {
  describe.skipIf(absent !== null)(
    `${name}${absent === null ? '' : ` (not run: ${absent})`}`,
    () => {
      let opened: Opened
      let storage: FileStorage
      beforeAll(async () => {
        opened = await openPlace()
        storage = opened.storage
      })
      afterAll(() => opened?.close())

      const keys = async (folder = '') =>
        (await collect(storage.list(folder))).map(({ key }) => key)
      const removeAll = async () => {
        for (const key of await keys()) await storage.remove(key)
      }
      /** Expects no files, visible or temporary. */
      const expectNothing = async () => {
        expect(await keys()).toEqual([])
        expect(await storage.cleanUp(new Date(Date.now() + 60_000))).toBe(0)
      }

      test.each([0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 20 * MIB])(
        'keeps %d bytes',
        async (bytes) => {
          const began = Date.now()
          expect(
            await storage.put(
              'raw/a day/x.csv',
              noise(bytes, () => {}, 50_003),
              { bytes },
            ),
          ).toBe(bytes)
          expect(await digestOf(storage.open('raw/a day/x.csv'))).toBe(
            await digestOf(noise(bytes, () => {}, 50_003)),
          )
          const file = await storage.stat('raw/a day/x.csv')
          expect(file).toMatchObject({ key: 'raw/a day/x.csv', bytes })
          // servers report whole seconds
          expect(Math.abs(Number(file?.modified) - began)).toBeLessThan(10_000)
          expect(await collect(storage.list(''))).toMatchObject([{ key: 'raw/a day/x.csv', bytes }])
          await storage.remove('raw/a day/x.csv')
          await expectNothing()
        },
      )

      test('get reads from any offset', async () => {
        const bytes = 17 * MIB
        await storage.put('x', noise(bytes))
        for (const from of [
          0,
          1,
          8 * MIB - 1,
          8 * MIB,
          13 * MIB + 7,
          bytes - 1,
          bytes,
          bytes + 1,
        ]) {
          expect(await digestOf(storage.open('x', { from }))).toBe(
            await digestOf(noise(bytes), from),
          )
        }
        await removeAll()
      })

      test('keys keep every allowed character', async () => {
        const names = [
          'price_full_file_x.csv',
          'שופרסל 1.csv',
          "a b+c&d%25=e'(f)!*~,;:@$#[g]?.txt",
          'ü/ü',
          '日本/<x>"&amp;',
        ]
        for (const key of names) await storage.put(key, bytesOf(key))
        for (const key of names) {
          expect(await textOf(storage.open(key))).toBe(key)
          expect(await storage.stat(key)).toMatchObject({ key, bytes: Buffer.byteLength(key) })
        }
        expect((await keys()).sort()).toEqual(names.sort())
        await removeAll()
        await expectNothing()
      })

      test.each([
        '',
        '/x',
        'x/',
        'a//b',
        '../x',
        'a/../../x',
        './x',
        'a/./b',
        '.incoming/x',
        'a\\b',
        'a\nb',
        'a\0b',
        '\ud800',
      ])('refuses the key %j', async (key) => {
        await expect(storage.put(key, bytesOf('x'))).rejects.toThrow(
          `Cannot use the key ${JSON.stringify(key)}: `,
        )
        await expect(storage.stat(key)).rejects.toThrow('Cannot use the key')
        await expect(storage.remove(key)).rejects.toThrow('Cannot use the key')
        await expect(textOf(storage.open(key))).rejects.toThrow('Cannot use the key')
        await expectNothing()
      })

      test('rejects names too long for a file system, and folders without a slash', async () => {
        await expect(storage.put('ש'.repeat(128), bytesOf('x'))).rejects.toThrow(
          'a name is longer than 255 bytes',
        )
        await expect(storage.put('abcdefg/'.repeat(101), bytesOf('x'))).rejects.toThrow(
          'it is longer than 800 bytes',
        )
        await expect(keys('raw')).rejects.toThrow('Cannot list "raw": a folder ends with a slash')
        await expect(keys('../')).rejects.toThrow('Cannot use the key ".."')
      })

      test('an error names the missing file and the storage', async () => {
        const reading = textOf(storage.open('raw/none.csv'))
        await expect(reading).rejects.toThrow(NotStoredError)
        await expect(reading).rejects.toThrow(
          `Cannot read raw/none.csv in ${storage.place}: there is no such file`,
        )
        await storage.put('raw/none', bytesOf('x'))
        expect(await storage.stat('raw/none.csv')).toBeNull()
        expect(await storage.stat('raw')).toBeNull()
        await expect(textOf(storage.open('raw'))).rejects.toThrow(NotStoredError)
        await expect(textOf(storage.open('raw/none/x'))).rejects.toThrow(NotStoredError)
        await storage.remove('raw/none.csv')
        expect(await keys()).toEqual(['raw/none'])
        await removeAll()
      })

      test('a file becomes visible when it is whole; until then the old one is read', async () => {
        const seen: unknown[] = []
        const look = async (sofar: number) => {
          if (sofar === 0 || sofar === 18 * MIB)
            seen.push((await storage.stat('x'))?.bytes ?? null, await keys())
        }
        await storage.put('x', noise(20 * MIB, look))
        await storage.put('x', noise(19 * MIB, look))
        expect(seen).toEqual([null, [], null, [], 20 * MIB, ['x'], 20 * MIB, ['x']])
        expect(await storage.stat('x')).toMatchObject({ bytes: 19 * MIB })
        await removeAll()
      })

      test.each([3 * MIB, 20 * MIB])(
        'a body that breaks off after %d bytes leaves nothing',
        async (bytes) => {
          const breaking = (sofar: number) => {
            if (sofar === bytes - MIB) throw new Error('Cannot read x.csv: the zip is broken')
          }
          const message = `Cannot keep raw/x.csv in ${storage.place}: Cannot read x.csv: the zip is broken`
          await expect(storage.put('raw/x.csv', noise(bytes, breaking))).rejects.toThrow(message)
          await expectNothing()
        },
      )

      test.each([MIB, 20 * MIB])(
        'a body of %d bytes that should have another length is refused',
        async (bytes) => {
          for (const said of [bytes - 1, bytes + 1]) {
            const message = `Cannot keep x in ${storage.place}: it has ${bytes} bytes instead of ${said}`
            await expect(storage.put('x', noise(bytes), { bytes: said })).rejects.toThrow(message)
          }
          await expectNothing()
        },
      )

      test('a reader may stop early', async () => {
        await storage.put('x', noise(20 * MIB))
        for await (const piece of storage.open('x')) {
          expect(piece.length).toBeGreaterThan(0)
          break
        }
        await removeAll()
        await expectNothing()
      })

      test('lists a folder with subfolders by key, also 2,500 files', async () => {
        const all = [
          'a',
          'raw-x',
          'raw.x',
          'rawx',
          ...Array.from({ length: 2500 }, (_, i) => `raw/${i % 7}/${i}.csv`),
        ]
        await storage.put('raw/0/0.csv', bytesOf('first'))
        for (let i = 0; i < 7; i++)
          await mkdir(join(opened.folder, `raw/${i}`), { recursive: true })
        await Promise.all(all.map((key) => writeFile(join(opened.folder, key), key)))
        expect(await keys()).toEqual(all.sort())
        const inside = (folder: string) => all.filter((key) => key.startsWith(folder))
        expect(await keys('raw/')).toEqual(inside('raw/'))
        expect(await keys('raw/3/')).toEqual(inside('raw/3/'))
        expect(await keys('raw/9/')).toEqual([])
        expect(await keys('none/')).toEqual([])
      })
    },
  )
}

test('the settings choose where files are stored', () => {
  const place = (vars: Record<string, string>) =>
    openFileStorage(readEnv({ DATA_DIR: '/srv/zol', ...vars })).place
  const bucket = { S3_BUCKET: 'prices', S3_ACCESS_KEY_ID: 'me', S3_SECRET_ACCESS_KEY: 'secret' }
  expect(place({})).toBe(join('/srv/zol', 'files'))
  expect(place({ ...bucket, S3_REGION: 'il-central-1' })).toBe(
    'bucket prices of https://s3.il-central-1.amazonaws.com',
  )
  expect(place({ ...bucket, S3_ENDPOINT: 'http://minio:9000/' })).toBe(
    'bucket prices of http://minio:9000/',
  )
})
