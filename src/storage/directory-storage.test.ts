import { afterEach, beforeEach, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bytesOf, collect, digestOf, noise, textOf } from '../testing/streams.ts'
import { openDirectoryStorage } from './directory-storage.ts'

const MIB = 1 << 20
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'super-zol-files-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url).href)

/** A process that stores files in the directory and prints each finished one. */
function startKeeping(work: string, shell = 'exec "$@"') {
  const source = `
    import { openDirectoryStorage } from ${JSON.stringify(pathOf('directory-storage.ts'))}
    import { noise } from ${JSON.stringify(pathOf('../testing/streams.ts'))}
    const storage = openDirectoryStorage(${JSON.stringify(directory)})
    ${work}`
  const child = spawn('sh', ['-c', shell, 'sh', process.execPath, '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const begun = new Promise((resolve) => child.stdout.once('data', resolve))
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(printed)))
  return { child, begun, ended }
}

test('a process killed at any moment leaves whole files only', async () => {
  const keep = `for (let i = 0; ; i++) {
    await storage.put('raw/' + (i % 2) + '/x', noise((1 + (i % 3)) * ${MIB}))
    if (i === 0) console.log('begun')
  }`
  const storage = openDirectoryStorage(directory)
  let halves = 0
  for (let kills = 0; kills < 8; kills++) {
    const { child, begun, ended } = startKeeping(keep)
    await begun
    await sleep(Math.random() * 30)
    child.kill('SIGKILL')
    await ended
    const files = await collect(storage.list(''))
    expect(files.map(({ key }) => key)).toEqual(
      files.length === 1 ? ['raw/0/x'] : ['raw/0/x', 'raw/1/x'],
    )
    for (const { key, bytes } of files) {
      expect([1, 2, 3]).toContain(bytes / MIB)
      expect(await digestOf(storage.open(key))).toBe(await digestOf(noise(bytes)))
    }
    expect(await storage.cleanUp(new Date(Date.now() - 60_000))).toBe(0)
    halves += await storage.cleanUp(new Date(Date.now() + 60_000))
    expect(readdirSync(join(directory, '.incoming'))).toEqual([])
  }
  // otherwise the kill always fell between two files
  expect(halves).toBeGreaterThan(0)
}, 60_000)

test.skipIf(process.platform === 'win32')(
  'where a file can grow no more, it says so and leaves nothing',
  async () => {
    const keep = `await storage.put('a', noise(${MIB}))
    await storage.put('raw/x.csv', noise(8 * ${MIB})).catch((error) => console.log(error.message))`
    const { ended } = startKeeping(keep, `trap '' XFSZ; ulimit -f 4096; exec "$@"`)
    expect(await ended).toMatch(`Cannot keep raw/x.csv in ${directory}: file too large\n`)
    expect((await collect(openDirectoryStorage(directory).list(''))).map(({ key }) => key)).toEqual(
      ['a'],
    )
    expect(readdirSync(join(directory, '.incoming'))).toEqual([])
  },
)

test('an error names a directory that cannot be created', async () => {
  const file = join(directory, 'file')
  writeFileSync(file, '')
  await expect(openDirectoryStorage(file).put('x', bytesOf('x'))).rejects.toThrow(
    `Cannot keep x in ${file}: `,
  )
})

test('remove deletes folders that it leaves empty, and no others', async () => {
  const storage = openDirectoryStorage(directory)
  for (const key of ['raw/1/a', 'raw/1/b', 'raw/2/deep/c']) await storage.put(key, bytesOf(key))
  await storage.remove('raw/2/deep/c')
  await storage.remove('raw/1/a')
  expect(readdirSync(join(directory, 'raw'))).toEqual(['1'])
  await storage.remove('raw/1/b')
  expect(readdirSync(directory)).toEqual(['.incoming'])
})

test('put and remove may run at the same time', async () => {
  const storage = openDirectoryStorage(directory)
  const work = async (name: string) => {
    for (let i = 0; i < 50; i++) {
      await storage.put(`raw/day/${name}`, bytesOf(name))
      expect(await textOf(storage.open(`raw/day/${name}`))).toBe(name)
      await storage.remove(`raw/day/${name}`)
    }
  }
  await Promise.all(['a', 'b', 'c', 'd'].map(work))
  expect(existsSync(join(directory, 'raw'))).toBe(false)
})
